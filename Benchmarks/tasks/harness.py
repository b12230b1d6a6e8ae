#!/usr/bin/env python3
"""lm-evaluation-harness on the first items of HellaSwag: its own task, its own model class. One JSON line.

Only the scoring is timed (tokenizing, passes, log-probabilities), not the loading of anything."""

import argparse
import json
import pathlib
import resource
import time

import datasets
import lm_eval
import torch
from lm_eval.api.task import ConfigurableTask
from lm_eval.models.huggingface import HFLM


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="folder of the model")
    parser.add_argument("items", help="HellaSwag as JSON lines with the hub's fields")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def hellaswag(rows):
    """The harness' task, with `rows` in the place of what it would fetch."""
    from lm_eval.tasks._yaml_loader import load_yaml

    path = pathlib.Path(lm_eval.__file__).parent / "tasks/hellaswag/hellaswag.yaml"
    config = dict(load_yaml(str(path), resolve_func=True))
    config.pop("dataset_kwargs", None)
    data = datasets.Dataset.from_list(rows)
    splits = {"train": data, "validation": data}
    config["custom_dataset"] = lambda **_: splits
    task = ConfigurableTask(config=config)
    task.build_all_requests(rank=0, world_size=1)
    return task


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    with open(options.items, encoding="utf-8") as file:
        rows = [json.loads(line) for _, line in zip(range(options.limit), file)]
    task = hellaswag(rows)
    model = HFLM(pretrained=options.model, dtype=options.dtype, batch_size=options.batch,
                 device="cpu")
    start = time.time()
    results = model.loglikelihood(task.instances, disable_tqdm=True)
    seconds = time.time() - start
    by_item = {}
    for instance, result in zip(task.instances, results):
        by_item.setdefault(instance.doc_id, []).append((instance, result))
    right = 0
    for item in by_item.values():
        item.sort(key=lambda pair: pair[0].idx)
        right += task.process_results(item[0][0].doc, [result for _, result in item])["acc_norm"]
    print(json.dumps({
        "items": len(by_item), "seconds": round(seconds, 2),
        "itemsPerSecond": len(by_item) / seconds, "acc_norm": right / len(by_item),
        "peakResidentBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "library": f"lm-eval {lm_eval.__version__}, torch {torch.__version__}",
    }))


if __name__ == "__main__":
    main()
