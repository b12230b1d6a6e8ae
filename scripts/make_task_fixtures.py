#!/usr/bin/env python3
"""Writes Tests/EvaluationTests/Fixtures/tasks.json: rows of the nine tasks, and the requests, decisions
and aggregates that lm-evaluation-harness makes of them, by its own task objects and offline.

    pip install lm-eval==0.4.13 datasets        # and 0.4.9 into a second folder
    python scripts/make_task_fixtures.py ROWS [--harness FOLDER]
    python scripts/make_task_fixtures.py ROWS --all OUT [--harness FOLDER]

Run it once for each release: one that makes the same of all rows is added to the file's versions, another
one replaces the file. ROWS has NAME.jsonl of each task in the hub's form. FOLDER is put in front of Python's path: the place of another
release (the one that holds lm_eval/). --all writes the requests of every row as JSON lines instead, for
a comparison of whole data sets.
"""
import argparse
import importlib.metadata
import json
import pathlib
import random
import sys
import types
import types

TARGET = pathlib.Path(__file__).parent.parent / "Tests/EvaluationTests/Fixtures"
PLACES = {
    "hellaswag": "hellaswag/hellaswag.yaml",
    "lambada_openai": "lambada/lambada_openai.yaml",
    "winogrande": "winogrande/default.yaml",
    "openbookqa": "openbookqa/openbookqa.yaml",
    "arc_easy": "arc/arc_easy.yaml",
    "arc_challenge": "arc/arc_challenge.yaml",
    "piqa": "piqa/piqa.yaml",
    "social_iqa": "siqa/siqa.yaml",
    "storycloze_2018": "storycloze/storycloze_2018.yaml",
}
# The data sets of the hub have more rows of every kind; these are rare there or missing.
ODD = {
    "hellaswag": [
        {"ind": 1, "activity_label": " Two  words", "ctx_a": "[header] How to [title] do [step] it [substeps]  now.", "ctx_b": "hE SAYS",
         "endings": ["[title] One [x] two", "a [b", "c ] d [e] f", "   three   spaces  "], "label": "2"},
        {"ind": 2, "activity_label": "\u00c9t\u00e9", "ctx_a": "Line [one\ntwo] three [four]", "ctx_b": "\u00df stra\u00dfe",
         "endings": ["\u00a0nbsp\u2003", "e\u0301 [\u0301] x", " [title]", "\u001cfour\u001f"], "label": "0"},
        {"ind": 3, "activity_label": "Greek", "ctx_a": "a", "ctx_b": "\u03a3\u0391\u03a3 \u039f\u0394\u039f\u03a3\u0301. A\u03a3B \u0130I \u01c4\u01c6",
         "endings": ["\r\n[a]\r\nb", " \u0301accent", "[[nested] x]", "]["], "label": "3"},
        {"ind": 4, "activity_label": "Empty", "ctx_a": "A man.", "ctx_b": "", "endings": ["a", "bb", "ccc", "\U0001f600\U0001f600 d"], "label": "1"},
        {"ind": 5, "activity_label": "Ligature", "ctx_a": "[title] x", "ctx_b": "\ufb01ne \u01c6 \u0149",
         "endings": ["x [title] y [title] z", "x[title]y", "a  b   c    d", " [a] [b] "], "label": "1"},
    ],
    "lambada_openai": [
        {"text": "word"}, {"text": "two words"}, {"text": "ends with a space "}, {"text": "a  b"}, {"text": "tab\tin the last\tword"},
        {"text": "a line\nend word\n"}, {"text": "an accent \u0301alone"}, {"text": "no\u00a0break\u00a0space here\u00a0too"}, {"text": " lead"},
    ],
    "winogrande": [
        {"sentence": "_ is first and _ again.", "option1": "Ann", "option2": "Bo", "answer": "1"},
        {"sentence": "It ends with the gap _", "option1": "caf\u00e9", "option2": "two words", "answer": "2"},
        {"sentence": "A gap _\u00a0 then spaces.  ", "option1": " spaced ", "option2": "", "answer": "1"},
        {"sentence": "An accent _\u0301 behind.", "option1": "e", "option2": "\U0001f600", "answer": "2"},
    ],
    "openbookqa": [
        {"id": "odd-1", "question_stem": "A stem with a space ", "choices": {"text": ["it's", '"quoted"', "b\\n", "\u00e9\u0301"], "label": ["A", "B", "C", "D"]}, "answerKey": " D"},
        {"id": "odd-2", "question_stem": "12", "choices": {"text": ["1", "[2]", "'", "{{x}}"], "label": ["A", "B", "C", "D"]}, "answerKey": "B"},
    ],
    "arc_easy": [
        {"id": "odd-1", "question": "Digits as labels?\n", "choices": {"text": ["one", "two", "three", "four"], "label": ["1", "2", "3", "4"]}, "answerKey": "3"},
        {"id": "odd-2", "question": "{{ braces }} {% raw %}", "choices": {"text": ["a", "b", "c", "d", "e"], "label": ["A", "B", "C", "D", "E"]}, "answerKey": "E"},
        {"id": "odd-4", "question": "An empty choice", "choices": {"text": ["", "b"], "label": ["A", "B"]}, "answerKey": "B"},
    ],
    "arc_challenge": [
        {"id": "odd-3", "question": "Three\u2003choices", "choices": {"text": ["\U0001f600", "e\u0301", "plain"], "label": ["A", "B", "C"]}, "answerKey": "A"},
    ],
    "piqa": [
        {"goal": "A goal\r\nof two lines ", "sol1": " leading", "sol2": "it's \"both\" \\ kinds\n", "label": 1},
        {"goal": "", "sol1": "\u00e9\u0301", "sol2": "ee", "label": 0},
    ],
    "social_iqa": [
        {"context": "A context. ", "question": " Why?", "answerA": "it's", "answerB": "\u4e2d\u6587", "answerC": "", "label": "2"},
    ],
    "storycloze_2018": [
        {"story_id": "a", "input_sentence_1": "One.", "input_sentence_2": "Two, \"quoted\".", "input_sentence_3": "Three\nlines.", "input_sentence_4": " Four. ",
         "sentence_quiz1": "It ends.", "sentence_quiz2": "It  does not.", "answer_right_ending": 1},
        {"story_id": "b", "input_sentence_1": "1", "input_sentence_2": "2", "input_sentence_3": "3", "input_sentence_4": "4",
         "sentence_quiz1": "\u00e9\u0301", "sentence_quiz2": "five", "answer_right_ending": 2},
        {"story_id": "c", "input_sentence_1": "A.", "input_sentence_2": "", "input_sentence_3": "C.", "input_sentence_4": "D.",
         "sentence_quiz1": "E.", "sentence_quiz2": "F.", "answer_right_ending": 2},
    ],
}


def read(folder, name):
    path = folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.open(encoding="utf-8")] if path.exists() else []


def chosen(name, rows, source):
    """A few rows, those with brackets, double spaces or other scripts first."""
    odd = [r for r in rows if any(p in json.dumps(r, ensure_ascii=False) for p in ("[", "  ", "\u00a0"))]
    wide = [r for r in rows if not json.dumps(r, ensure_ascii=False).isascii()]
    short = [r for r in rows if len(json.dumps(r)) < 700]
    picked = [x for pool, n in ((odd, 3), (wide, 3), (short, 6)) for x in source.sample(pool, min(n, len(pool)))]
    unique = {json.dumps(r, sort_keys=True): r for r in picked}
    return list(unique.values()) + ODD[name]


def task_object(name, rows):
    """The harness' own task, with `rows` in the place of what it would fetch."""
    import datasets
    import lm_eval
    from lm_eval.api.task import ConfigurableTask

    path = str(pathlib.Path(lm_eval.__file__).parent / "tasks" / PLACES[name])
    try:
        from lm_eval.utils import load_yaml_config

        config = load_yaml_config(path, mode="full")
    except ImportError:
        from lm_eval.tasks._yaml_loader import load_yaml

        config = dict(load_yaml(path))
    config.pop("dataset_kwargs", None)
    data = datasets.Dataset.from_list(rows)
    splits = {k: data for k in ("train", "validation", "test")}
    config["custom_dataset"] = lambda **_: splits
    if "include" in config:
        config.pop("include")
    task = ConfigurableTask(config=config)
    task.build_all_requests(rank=0, world_size=1)
    return task


def requests_of(task):
    by_doc = {}
    for instance in task.instances:
        by_doc.setdefault(instance.doc_id, []).append(list(instance.args))
    return [by_doc[i] for i in sorted(by_doc)]


def gold_of(task, doc):
    if task.OUTPUT_TYPE == "loglikelihood":
        return 0
    return task.doc_to_text(doc) if task.multiple_input else int(task.doc_to_target(doc))


def scores_for(requests, source):
    """Made-up results of a model: ties are common, so that the order of choices matters."""
    return [[-source.randrange(1, 9) * 0.25 * max(1, len(c) // 8), source.random() < 0.4] for _, c in requests]


def case(name, rows, source):
    from lm_eval.api.metrics import stderr_for_metric

    task = task_object(name, rows)
    requests, items, values = requests_of(task), [], {}
    for row, doc, asked in zip(rows, task.eval_docs, requests):
        scores = scores_for(asked, source)
        outcome = task.process_results(doc, [tuple(s) for s in scores])
        for key, value in outcome.items():
            values.setdefault(key, []).append(value)
        choices = task.doc_to_choice(doc) if task.OUTPUT_TYPE == "multiple_choice" else [asked[0][1][1:]]
        items.append({
            "row": row, "requests": asked, "gold": gold_of(task, doc), "scores": scores,
            "choices": list(choices), "outcome": {k: float(v) for k, v in outcome.items()},
        })
    results = {}
    for key, value in values.items():
        aggregate = task.aggregation()[key]
        results[key] = float(aggregate(value))
        results[key + "_stderr"] = float(stderr_for_metric(aggregate, 3000)(value))
    return {"task": name, "items": items, "results": results}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=pathlib.Path)
    parser.add_argument("--harness", type=pathlib.Path)
    parser.add_argument("--all", type=pathlib.Path)
    options = parser.parse_args()
    version = "0.4.13"
    if options.harness:
        sys.path.insert(0, str(options.harness))
        # Models are not needed, and those of older releases want older libraries.
        models = types.ModuleType("lm_eval.models")
        models.__path__ = [str(options.harness / "lm_eval/models")]
        sys.modules["lm_eval.models"] = models
        version = next(iter(importlib.metadata.distributions(name="lm_eval", path=[str(options.harness)]))).version
    if options.all:
        options.all.mkdir(parents=True, exist_ok=True)
        for name in PLACES:
            rows = read(options.rows, name)
            if not rows:
                continue
            task = task_object(name, rows)
            with (options.all / f"{name}.jsonl").open("w", encoding="utf-8") as out:
                for doc, asked in zip(task.eval_docs, requests_of(task)):
                    out.write(json.dumps({"requests": asked, "gold": gold_of(task, doc)}, ensure_ascii=False) + "\n")
            print(name, len(rows))
        return
    source = random.Random(13)
    cases = [case(name, chosen(name, read(options.rows, name), source), source) for name in PLACES]
    path = TARGET / "tasks.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    same = known.get("tasks") == json.loads(json.dumps(cases))
    versions = sorted({version, *(known["versions"] if same else [])})
    path.write_text(json.dumps({"versions": versions, "tasks": cases}, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path, path.stat().st_size, versions)


if __name__ == "__main__":
    main()
