"""Writes the fixtures of vanilla knowledge distillation: what plain PyTorch computes, for tiny models
of every family with a teacher of another size and another padded vocabulary.

    python scripts/make_distillation_fixtures.py Tests/LanguageModelsTests/Fixtures/distillation

Each NAME/ holds student/ and teacher/, folders as transformers saves them, and expected.safetensors:
`chunks`, `chunk_offsets`, and for every ratio and temperature the parts of the loss and the gradient
of every parameter, by the formulas on whole tensors of logits in float64.

The loss of a token is (1 - k) LM + k T^2 KL(p || q). p and q are softmaxes at T over the columns that
both models have; LM is over all of the student's. A position whose input is the end-of-text token is
not counted; a chunk's mean is over its counted positions, the loss is the mean over chunks.
"""

import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

END_OF_TEXT = 3
CASES = [(0.5, 1.0), (0.5, 2.0), (1.0, 1.0), (1.0, 2.0), (0.0, 1.0)]
# Student and teacher: family, size of the vocabulary, width.
PAIRS = {
    "qwen2-equal": (("qwen2", 61, 16), ("qwen2", 61, 24)),
    "qwen2-larger-teacher": (("qwen2", 61, 16), ("qwen3", 77, 24)),
    "llama-larger-student": (("llama", 77, 16), ("qwen2", 61, 24)),
    "mamba-larger-teacher": (("mamba", 61, 16), ("llama", 64, 24)),
}


def configuration(family, vocabulary, width):
    common = dict(
        vocab_size=vocabulary, hidden_size=width, bos_token_id=END_OF_TEXT,
        eos_token_id=END_OF_TEXT, tie_word_embeddings=True)
    if family == "mamba":
        return AutoConfig.for_model(
            "mamba", num_hidden_layers=2, state_size=4, pad_token_id=0, **common)
    extra = dict(head_dim=8) if family == "qwen3" else {}
    return AutoConfig.for_model(
        family, num_hidden_layers=2, intermediate_size=2 * width, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=64, **common, **extra)


def make(family, vocabulary, width, seed):
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(configuration(family, vocabulary, width))
    for name, parameter in model.named_parameters():
        # Flat distributions would hide a wrong one.
        if parameter.dim() > 1 and "A_log" not in name:
            torch.nn.init.normal_(parameter, std=0.3)
    return model.float().eval()


def parts(student, teacher, chunks, temperature):
    """LM, KL and the teacher's entropy: means over chunks of means over counted positions."""
    shared = min(student.config.vocab_size, teacher.config.vocab_size)
    sums = [0.0, 0.0, 0.0]
    for chunk in chunks:
        tokens = torch.tensor(chunk)[None]
        inputs, labels = tokens[:, :-1], tokens[0, 1:]
        counted = (inputs[0] != END_OF_TEXT).double()
        logits = student(inputs).logits[0].double()
        with torch.no_grad():
            targets = teacher(inputs).logits[0].double()
        lm = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
        log_q = torch.log_softmax(logits[:, :shared] / temperature, -1)
        log_p = torch.log_softmax(targets[:, :shared] / temperature, -1)
        kd = (log_p.exp() * (log_p - log_q)).sum(-1)
        entropy = -(log_p.exp() * log_p).sum(-1)
        for place, value in enumerate([lm, kd, entropy]):
            sums[place] = sums[place] + (value * counted).sum() / counted.sum() / len(chunks)
    return sums


def main():
    root = pathlib.Path(sys.argv[1])
    for seed, (name, (student_shape, teacher_shape)) in enumerate(PAIRS.items()):
        folder = root / name
        shutil.rmtree(folder, ignore_errors=True)
        student = make(*student_shape, seed=10 + seed)
        teacher = make(*teacher_shape, seed=20 + seed)
        for role, model in [("student", student), ("teacher", teacher)]:
            model.save_pretrained(folder / role)
        generator = torch.Generator().manual_seed(seed)
        chunks = [
            torch.randint(0, 61, (length,), generator=generator).tolist()
            for length in [19, 7, 2, 12]]
        chunks[0][5] = chunks[1][3] = chunks[3][0] = END_OF_TEXT
        # A chunk needs a counted position.
        chunks[2][0] = 8
        student.double()
        teacher.double()
        offsets = [0]
        for chunk in chunks:
            offsets.append(offsets[-1] + len(chunk))
        tensors = {
            "chunks": torch.tensor(sum(chunks, []), dtype=torch.int32),
            "chunk_offsets": torch.tensor(offsets, dtype=torch.int32),
            "cases": torch.tensor(CASES, dtype=torch.float64),
        }
        for case, (ratio, temperature) in enumerate(CASES):
            student.zero_grad()
            lm, kd, entropy = parts(student, teacher, chunks, temperature)
            loss = (1 - ratio) * lm + ratio * temperature**2 * kd
            loss.backward()
            tensors[f"{case}.parts"] = torch.stack([lm, kd, entropy, loss]).detach()
            for key, parameter in student.named_parameters():
                tensors[f"{case}.grad.{key}"] = parameter.grad.float().clone()
        save_file(tensors, folder / "expected.safetensors")


main()
