"""MiniLLM written plainly in PyTorch, sequence by sequence and without padding: what the fixtures and the
check of real text compare with. No tensor here knows that other sequences exist, but for the means over
all tokens.
"""

import math

import torch


def sampled(student, teacher, prompt, new, temperature=1.0):
    """log q, log p of the new tokens and KL(q || p) at their positions, each [tokens]; q keeps its graph.

    Both are softmaxes at the temperature over the columns that both models have.
    """
    shared = min(student.config.vocab_size, teacher.config.vocab_size)
    tokens = torch.tensor([list(prompt) + list(new)])
    places = slice(len(prompt) - 1, len(prompt) + len(new) - 1)
    # Some models give logits in float32, whatever they compute in.
    logits = student(tokens[:, :-1]).logits[0, places, :shared].double()
    with torch.no_grad():
        others = teacher(tokens[:, :-1]).logits[0, places, :shared].to(logits.dtype)
    log_q = torch.log_softmax(logits / temperature, -1)
    log_p = torch.log_softmax(others / temperature, -1)
    targets = torch.tensor(list(new))[:, None]
    divergence = (log_q.exp() * (log_q - log_p)).sum(-1)
    return log_q.gather(1, targets)[:, 0], log_p.gather(1, targets)[:, 0], divergence


def importance(log_q, log_p, share):
    """q / ((1 - a) q + a p)."""
    return log_q.exp() / ((1 - share) * log_q.exp() + share * log_p.exp())


def rewards(log_q, log_p, scaling, clip):
    return ((log_p - log_q) / scaling).clamp(-clip, clip)


def returns(values, discount):
    """Discounted sums of the rewards from each token on, over the number of those tokens."""
    count = len(values)
    return torch.stack([
        sum(discount ** (s - t) * values[s] for s in range(t, count)) / (count - t)
        for t in range(count)])


def advantages(all_rewards, discount):
    """Of all sequences of a rollout: returns, whitened by the mean and deviation of all of them."""
    found = [returns(values, discount) for values in all_rewards]
    whole = torch.cat(found)
    variance = ((whole - whole.mean()) ** 2).mean()
    return [(values - whole.mean()) / torch.sqrt(variance + 1e-8) for values in found]


def policy_loss(log_q, old, advantage, weight, width):
    """Clipped loss of each token [tokens], and whether its clipped side was taken."""
    ratio = (log_q - old).exp() * weight
    free = -advantage * ratio
    bounded = -advantage * ratio.clamp(1 - width, 1 + width)
    return torch.where(bounded > free, bounded, free), bounded > free


def text(student, teacher, chunk, end_of_text):
    """LM and KL(teacher || student) of a chunk: means over its counted positions."""
    shared = min(student.config.vocab_size, teacher.config.vocab_size)
    tokens = torch.tensor([chunk])
    inputs, labels = tokens[:, :-1], tokens[0, 1:]
    counted = (inputs[0] != end_of_text).double()
    logits = student(inputs).logits[0].double()
    with torch.no_grad():
        others = teacher(inputs).logits[0].to(logits.dtype)
    lm = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    log_q = torch.log_softmax(logits[:, :shared], -1)
    log_p = torch.log_softmax(others[:, :shared], -1)
    kd = (log_p.exp() * (log_p - log_q)).sum(-1)
    return (lm * counted).sum() / counted.sum(), (kd * counted).sum() / counted.sum()


def rate(done, steps, warmup, peak, least):
    """Learning rate of the update behind so many."""
    if done < warmup:
        return peak * done / warmup
    progress = (done - warmup) / max(1, steps - warmup)
    return least + 0.5 * (peak - least) * (1 + math.cos(math.pi * progress))


def step(student, teacher, sequences, chunks, settings):
    """Adds the gradients of one step; its figures.

    sequences: (prompt, new, old, weight, advantage) each.
    """
    count = sum(len(new) for _, new, _, _, _ in sequences)
    figures = dict(policyLoss=0.0, reverseKL=0.0, clippedShare=0.0, lmLoss=0.0, kdLoss=0.0)
    for prompt, new, old, weight, advantage in sequences:
        log_q, _, divergence = sampled(student, teacher, prompt, new, settings["temperature"])
        losses, clipped = policy_loss(log_q, old, advantage, weight, settings["ratio_clip"])
        loss = (losses.sum() + settings["single_step"] * divergence.sum()) / count
        loss.backward()
        figures["policyLoss"] += losses.sum().item() / count
        figures["reverseKL"] += divergence.sum().item() / count
        figures["clippedShare"] += clipped.sum().item() / count
    k = settings["kd_ratio"]
    for chunk in chunks:
        lm, kd = text(student, teacher, chunk, settings["eos"])
        (settings["text_weight"] * ((1 - k) * lm + k * kd) / len(chunks)).backward()
        figures["lmLoss"] += lm.item() / len(chunks)
        figures["kdLoss"] += kd.item() / len(chunks)
    figures["loss"] = (
        figures["policyLoss"] + settings["single_step"] * figures["reverseKL"]
        + settings["text_weight"] * ((1 - k) * figures["lmLoss"] + k * figures["kdLoss"]))
    return figures


def score(student, teacher, samples, settings):
    """(prompt, new, old, weight, advantage) and rewards of every sample (prompt, new) of a rollout."""
    found = []
    with torch.no_grad():
        for prompt, new in samples:
            log_q, log_p, _ = sampled(student, teacher, prompt, new, settings["temperature"])
            found.append((
                prompt, new, log_q, log_p,
                rewards(log_q, log_p, settings["reward_scaling"], settings["reward_clip"])))
        wanted = advantages([row[4] for row in found], settings["discount"])
        return [
            (prompt, new, log_q, importance(log_q, log_p, settings["share"]), advantage)
            for (prompt, new, log_q, log_p, _), advantage in zip(found, wanted)
        ], [row[4] for row in found]


def read_rollout(path):
    """Samples (prompt, new) of a kept rollout, the order of its epochs, and all of its columns."""
    from safetensors.torch import load_file
    columns = load_file(path)
    tokens = columns["tokens"].tolist()
    offsets = columns["offsets"].tolist()
    samples = []
    for index, prompt in enumerate(columns["prompt_lengths"].tolist()):
        whole = tokens[offsets[index]:offsets[index + 1]]
        samples.append((whole[:prompt], whole[prompt:]))
    return samples, columns["order"].tolist(), columns
