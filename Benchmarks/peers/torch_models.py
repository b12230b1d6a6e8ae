"""Models of PyTorch peers, built from a config.json with random weights."""

import resource
import statistics
import time

import torch
import transformers


def use_threads(count):
    torch.set_num_threads(count)
    torch.set_num_interop_threads(1)
    transformers.logging.set_verbosity_error()


def configuration(values, **changes):
    """A transformers configuration of the keys of a config.json."""
    values = dict(values, use_cache=False, **changes)
    # JSON has one kind of number, transformers checks for two.
    for key, value in values.items():
        if type(value) is int and key.startswith(("time_step_", "initializer")):
            values[key] = value if key == "time_step_rank" else float(value)
    return transformers.AutoConfig.for_model(values.pop("model_type"), **values)


def build(values, dtype, **changes):
    """AutoModelForCausalLM in `dtype`. Large decoders are filled with copies of one random block:
    drawing billions of normal numbers takes longer than the measurement."""
    config = configuration(values, **changes)
    kind = transformers.AutoModelForCausalLM
    if config.model_type == "mamba" or values["hidden_size"] < 2048:
        return kind.from_config(config, dtype=dtype)
    linear, embedding = torch.nn.Linear.reset_parameters, torch.nn.Embedding.reset_parameters
    torch.nn.Linear.reset_parameters = torch.nn.Embedding.reset_parameters = lambda module: None
    normal = torch.nn.init.normal_
    torch.nn.init.normal_ = lambda tensor, *_, **__: tensor
    try:
        model = kind.from_config(config, dtype=dtype)
    finally:
        torch.nn.Linear.reset_parameters = linear
        torch.nn.Embedding.reset_parameters = embedding
        torch.nn.init.normal_ = normal
    block = torch.empty(1 << 20, dtype=dtype).uniform_(-0.035, 0.035)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() < 2:
                parameter.fill_(0 if parameter.abs().max() != 1 else 1)
                continue
            flat = parameter.view(-1)
            for start in range(0, flat.numel(), block.numel()):
                part = flat[start : start + block.numel()]
                part.copy_(block[: part.numel()])
    return model


def timed(body, repeats, seconds):
    """Seconds of every repeat after one that does not count; none begins after `seconds`."""
    body()
    times = []
    begin = time.perf_counter()
    while True:
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
        if len(times) >= repeats or time.perf_counter() - begin >= seconds:
            return times


def result(tokens, times, loss, **more):
    """What every peer prints."""
    return dict(
        tokensPerSecond=tokens / min(times),
        tokensPerSecondMedian=tokens / statistics.median(times),
        repeats=len(times),
        peakResidentBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        loss=loss,
        library=f"torch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), "
        f"transformers {transformers.__version__}",
        **more,
    )
