"""Tables and files of results."""
import json
import os

NOT_HERE = {"no GPU": 10, "no torch": 11}


def table(columns, rows):
    """Markdown. `columns`: title and key, or title, key and format of a number."""
    lines = [
        "| " + " | ".join(c[0] for c in columns) + " |",
        "|" + "|".join("---:" if len(c) > 2 else "---" for c in columns) + "|",
    ]
    for row in rows:
        lines.append("| " + " | ".join(_cell(row.get(c[1]), c[2] if len(c) > 2 else "%s") for c in columns) + " |")
    return "\n".join(lines)


def _cell(value, form):
    return "" if value is None else form % value if not isinstance(value, str) else value


def save(path, facts):
    """Writes JSON, whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)


def gpu_torch():
    """PyTorch with a GPU, or the reason why there is none: (torch, None) or (None, reason)."""
    try:
        import torch
    except ImportError:
        return None, "no torch"
    return (torch, None) if torch.cuda.is_available() else (None, "no GPU")


def not_here(reason):
    """Says that a part cannot run here; returns the exit code that gpu-check.sh expects for it."""
    print(reason)
    return NOT_HERE[reason]


def first_line(error):
    """Of an exception, for a table."""
    lines = str(error).strip().splitlines()
    return "%s: %s" % (type(error).__name__, lines[0][:100] if lines else "")
