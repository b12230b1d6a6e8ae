#!/usr/bin/env python3
"""Compares zero-shot evaluation with lm-evaluation-harness, item by item: log-probabilities, greedy flags, decisions.

    pip install lm-eval==0.4.13 torch transformers datasets
    python scripts/check_tasks.py MODEL hellaswag=hellaswag.jsonl piqa=piqa.jsonl [--limit 40] [--exact 6]

MODEL is a folder, files are JSON lines, plain or .gz, with the hub's fields or with ready prompts ({context, contexts,
choices, gold}; then the harness' generic task asks them). Both sides compute in float32. --exact takes the
requests on which both differ most and computes them in float64, to say which side is nearer. Ends with
exit code 1 if a decision differs.
"""
import argparse
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parent))
from make_task_fixtures import task_object

ROOT = pathlib.Path(__file__).parent.parent


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("tasks", nargs="+", metavar="NAME=FILE", help="names of the harness")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--exact", type=int, default=0, metavar="N")
    parser.add_argument("--program", default=str(ROOT / ".build/release/miniplm"))
    return parser.parse_args()


def ours(options):
    with tempfile.TemporaryDirectory() as folder:
        items = f"{folder}/items.jsonl"
        command = [options.program, "evaluate", "--model", options.model, "--limit",
                   str(options.limit), "--items", items, "--quiet"]
        for task in options.tasks:
            command += ["--task", task]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(items, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    return {(line["task"], line["index"]): line for line in lines}


def ready_task(name, rows):
    """The harness' generic task on prompts that were ready: its requests, its decisions."""
    import datasets
    from lm_eval.api.task import ConfigurableTask

    bare = lambda row: [choice[1:] if choice.startswith(" ") else choice for choice in row["choices"]]
    data = datasets.Dataset.from_list(rows)
    config = {
        "task": name, "test_split": "test", "custom_dataset": lambda **_: {"test": data}, "target_delimiter": " ",
        "output_type": "multiple_choice", "doc_to_text": lambda row: row["context"], "doc_to_choice": bare,
        "doc_to_target": lambda row: row["gold"], "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    }
    if "contexts" in rows[0]:
        config |= {
            "doc_to_text": lambda row: row["gold"], "doc_to_choice": lambda row: row["contexts"],
            "doc_to_target": lambda row: bare(row)[0], "metric_list": [{"metric": "acc"}],
        }
    elif len(rows[0]["choices"]) == 1:
        # Of this kind the harness puts nothing between context and target.
        config |= {
            "output_type": "loglikelihood", "doc_to_target": lambda row: row["choices"][0],
            "metric_list": [{"metric": "acc"}],
        }
        del config["doc_to_choice"]
    task = ConfigurableTask(config=config)
    task.build_all_requests(rank=0, world_size=1)
    return task


def theirs(options, model):
    """By task and item: the requests, (log-probability, is_greedy) of each, and the metrics."""
    found = {}
    for text in options.tasks:
        name, path = text.split("=", 1)
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for _, line in zip(range(options.limit), file)]
        is_ready = {"context", "choices", "gold"} <= rows[0].keys()
        task = (ready_task if is_ready else task_object)(name, rows)
        results = model.loglikelihood(task.instances, disable_tqdm=True)
        by_item = {}
        for instance, result in zip(task.instances, results):
            by_item.setdefault(instance.doc_id, []).append((instance.idx, instance, result))
        for number, parts in by_item.items():
            parts.sort(key=lambda part: part[0])
            scores = [result for _, _, result in parts]
            found[name, number] = (
                [instance.args for _, instance, _ in parts], scores,
                task.process_results(parts[0][1].doc, scores))
    return found


def exact(model, requests):
    """log-probabilities of requests in float64."""
    import torch

    double = model.model.double()
    values = []
    for context, continuation in requests:
        head, tail = model._encode_pair(context, continuation)
        tokens = torch.tensor([(head + tail)[-(model.max_length + 1):]])
        with torch.no_grad():
            table = torch.log_softmax(double(tokens[:, :-1]).logits[0], -1)
        rows = range(table.shape[0] - len(tail), table.shape[0])
        values.append(sum(table[row, tokens[0, row + 1]].item() for row in rows))
    return values


def main():
    options = arguments()
    from lm_eval.models.huggingface import HFLM

    model = HFLM(pretrained=options.model, dtype="float32", batch_size=options.batch, device="cpu")
    expected, found = theirs(options, model), ours(options)
    if set(expected) != set(found):
        sys.exit(f"items differ: {sorted(set(expected) ^ set(found))[:5]}")
    differing, worst = 0, []
    for text in options.tasks:
        name = text.split("=", 1)[0]
        keys = [key for key in expected if key[0] == name]
        largest = decisions = flags = 0
        for key in keys:
            requests, scores, metrics = expected[key]
            line = found[key]
            for place, (value, greedy) in enumerate(scores):
                difference = abs(line["log_probabilities"][place] - value)
                largest = max(largest, difference)
                worst.append((difference, requests[place], line["log_probabilities"][place], value))
                flags += line["is_greedy"][place] != greedy
            decisions += line["acc"] != metrics["acc"]
            if "acc_norm" in metrics and line.get("acc_norm") is not None:
                decisions += line["acc_norm"] != metrics["acc_norm"]
        differing += decisions + flags
        print(f"{name}: {len(keys)} items, {decisions} decisions and {flags} greedy flags differ, "
              f"largest difference of a log-probability {largest:.1e}", flush=True)
    worst.sort(key=lambda part: -part[0])
    worst = worst[:options.exact]
    if worst:
        own, other = 0, 0
        for value, (_, _, mine, harness) in zip(exact(model, [part[1] for part in worst]), worst):
            own, other = max(own, abs(mine - value)), max(other, abs(harness - value))
        print(f"the {len(worst)} that differ most, against float64: ours within {own:.1e}, the harness "
              f"within {other:.1e}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
