"""The table of ratios, from the JSON lines of any number of sessions."""

import json
import statistics

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"


def lines(path):
    """Lines of every row's newest session, by row."""
    if not path.exists():
        return {}
    found = {}
    for text in path.read_text().splitlines():
        line = json.loads(text)
        rows = found.setdefault(line["row"], [])
        if rows and rows[0]["session"] != line["session"]:
            rows.clear()
        rows.append(line)
    return found


class Summary:
    """Every run of one contender in one row."""

    def __init__(self, runs):
        self.name = runs[0]["contender"]
        self.errors = [run["error"] for run in runs if "error" in run]
        good = [run for run in runs if "error" not in run]
        self.ok = bool(good)
        if not self.ok:
            return
        self.best = max(run["tokensPerSecond"] for run in good)
        self.median = statistics.median(run["tokensPerSecondMedian"] for run in good)
        self.memory = max(run["peakResidentBytes"] for run in good)
        self.share = max((run.get("peakShare", 0) for run in good), default=0)
        self.other = max(run["otherProcessors"] for run in good)
        self.library = library(good[0])
        self.machine = good[0].get("machine")


def library(run):
    """The library and the instruction sets that it uses."""
    text = run.get("library") or ", ".join(run["machine"]["libraries"])
    if not text.startswith("llama.cpp"):
        return text
    # llama.cpp lists every instruction set as "AVX512 = 1".
    used = [part.split("=")[0].split(":")[-1].strip() for part in text.split("|") if "= 1" in part]
    return "llama.cpp (" + " ".join(name for name in used if name[:3] in ("AVX", "AMX")) + ")"


def rate(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def gibibytes(value):
    return f"{value / 2**30:.2f}"


def summaries(runs):
    names = dict.fromkeys(run["contender"] for run in runs)
    return [Summary([run for run in runs if run["contender"] == name]) for name in names]


def row_cells(name, runs):
    ours = [s for s in summaries([run for run in runs if run["isOurs"]])]
    peers = summaries([run for run in runs if not run["isOurs"]])
    good = sorted((peer for peer in peers if peer.ok), key=lambda peer: -peer.best)
    us = ours[0] if ours and ours[0].ok else None
    if not us:
        reason = ours[0].errors[0] if ours else "not measured"
        return [name, f"failed: {reason[:80]}"] + [""] * 6
    if not good:
        return [name, f"{rate(us.best)} ({rate(us.median)})", f"{us.share:.0%}",
                "every peer failed", "", "", gibibytes(us.memory), ""]
    best = good[0]
    return [
        name, f"{rate(us.best)} ({rate(us.median)})", f"{us.share:.0%}",
        f"{best.name}", f"{rate(best.best)} ({rate(best.median)})",
        f"**{us.best / best.best:.2f}** ({us.median / best.median:.2f})",
        gibibytes(us.memory), gibibytes(best.memory)]


def markdown(cells):
    return "| " + " | ".join(cells) + " |"


def table(path, names):
    """Markdown: ratios to the best peer of each row, then every setting of every peer."""
    found = lines(path)
    measured = [name for name in names if name in found]
    if not measured:
        return "No row has been measured."
    text = [
        markdown(["row", "ours, tokens/s (median)", "of peak", "fastest peer",
                  "its tokens/s (median)", "ratio (of medians)", "our GiB", "its GiB"]),
        "|---|---|---|---|---|---|---|---|"]
    text += [markdown(row_cells(name, found[name])) for name in measured]
    text += ["", "Every peer in every setting, tokens/s (median), GiB:", ""]
    machines, libraries, busiest = set(), {}, 0
    for name in measured:
        parts = []
        for each in summaries(found[name]):
            if not each.ok:
                parts.append(f"{each.name}: failed, {each.errors[0][:80]}")
                continue
            parts.append(f"{each.name} {rate(each.best)} ({rate(each.median)}), "
                         f"{gibibytes(each.memory)}")
            libraries[each.library] = True
            busiest = max(busiest, each.other)
            if each.machine:
                machines.add(f"{each.machine['processor']}, kernels {each.machine['kernels']}")
        text.append(f"- {name}: " + "; ".join(parts))
    sessions = sorted({run["session"] for name in measured for run in found[name]})
    text += ["", f"Machine: {'; '.join(sorted(machines))}. Sessions: {sessions[0]} to "
             f"{sessions[-1]}. Other processes used at most {busiest} processors.",
             "Libraries: " + "; ".join(libraries) + "."]
    return "\n".join(text)


def replace(path, text):
    """Puts `text` between the markers of a Markdown file."""
    whole = path.read_text()
    if BEGIN not in whole or END not in whole:
        raise SystemExit(f"{path} has no lines {BEGIN} and {END}")
    before, rest = whole.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
