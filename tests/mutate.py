#!/usr/bin/env python3
"""tests/mutate.py SECONDS SEED [PREFIX...]: how much of the product the quick
suite sees. Plants one small fault at a time in a copy of the tree
(build/mutants), builds what stands nearest to it and runs it, then further
programs, until one fails. One line a fault: killed (by whom), SURVIVED, or no
build. PREFIX: only files that begin so.
"""
import glob
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time

COPY = "build/mutants"
OUT = "build/host"
LIMIT_S = 900
TEST_S = 180  # a busy machine kills no mutant
CPU_S = 20  # of one process: tests fork, and one that spins is in no group of ours

# What a tired hand does: a comparison off by one or turned, a bound moved, a
# condition negated, a wrong result, a statement left out.
EDITS = [(re.compile(a), b) for a, b in [
    (r"(?<![<>=!-])<(?![<=])", "<="), (r"(?<![>=-])>(?![>=])", ">="),
    (r"<=", "<"), (r">=", ">"), (r"==", "!="), (r"!=", "=="),
    (r"&&", "||"), (r"\|\|", "&&"), (r"\+ 1\b", "+ 2"), (r"- 1\b", "- 0"),
    (r"\+\+", "--"), (r" \+ ", " - "), (r" \* ", " + "),
    (r"return true;", "return false;"), (r"return false;", "return true;"),
    (r"return 0;", "return -1;"), (r"\bbreak;", ";"),
    (r"if \((.*)\)$", r"if (!(\1))")]]
STATEMENT = re.compile(r"^\t+[\w>.\[\]-]+(\(.*\)| [|&+-]?= .*);$")
LEFT_OUT = (re.compile(r"^(\t+).*$"), r"\1;")
NO_CODE = re.compile(r"\s*(\*|/\*|//|#|static const|_Static)")
SOURCES = ["runtime/**/*.c", "drivers/**/*.c", "tools/graphc/*.c",
           "kernel/*.h", "graph/*.h"]
TESTS = {"tools": ["graph"], "kernel": ["kernel", "graph", "runtime"],
         "graph": ["graph", "runtime", "kernel", "drivers"],
         "runtime": ["runtime", "drivers"], "drivers": ["drivers", "runtime"]}
# Then whole programs, as `make check` does.
E2E = re.search(r"for t in ([a-z ]*); do", open("tests/run.sh").read())[1]


def copy_tree():
    """Files with their times, so that make builds nothing again."""
    os.makedirs(COPY, exist_ok=True)
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"],
                           capture_output=True, text=True, check=True).stdout
    for path in files.split("\n"):
        if path and os.path.exists(path):
            to = os.path.join(COPY, path)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(path, to)
    for built in ("generated", "tools", "host"):
        to = f"{COPY}/build/{built}"
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(f"build/{built}", to, symlinks=True)


def pick(rnd, files, weights, seen):
    """(file, text with the fault, line number, before, after)"""
    while True:
        name = rnd.choices(files, weights)[0]
        lines = open(name).read().split("\n")
        at = rnd.randrange(len(lines))
        line = lines[at]
        if not line.startswith("\t") or '"' in line or NO_CODE.match(line):
            continue
        edits = [e for e in EDITS if e[0].search(line)]
        if STATEMENT.match(line):
            edits.append(LEFT_OUT)
        if not edits:
            continue
        pattern, by = rnd.choice(edits)
        lines[at] = pattern.sub(by, line, count=1)
        if lines[at] == line or (name, at, lines[at]) in seen:
            continue
        seen.add((name, at, lines[at]))
        return name, "\n".join(lines), at + 1, line.strip(), lines[at].strip()


def programs(name):
    """Test programs, the ones named like the file or its folders first."""
    words = set(re.split(r"[/_.]", name)) - {"c", "h", "runtime", "drivers"}
    found = []
    for rank, folder in enumerate(TESTS[name.split("/")[0]]):
        for source in glob.glob(f"tests/{folder}/test_*.c"):
            stem = os.path.basename(source)[5:-2]
            near = len(words & set(stem.split("_")))
            found.append((-near, rank, f"{folder}/test_{stem}"))
    return [p for _, _, p in sorted(found)] + [f"e2e/test_{t}" for t in E2E.split()]


def limit_cpu():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


def run(command, limit=LIMIT_S, before=None):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.STDOUT, errors="replace",
                             stdin=subprocess.DEVNULL, start_new_session=True,
                             preexec_fn=before)
    try:
        return child.communicate(timeout=limit)[0], child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, 9)
        child.wait()
        return "timeout", 124


def judge(name):
    for program in programs(name):
        path = f"{OUT}/tests/{program}"
        if program.startswith("e2e"):
            needs = ["all"]
        elif name.startswith(("tools", "kernel", "graph/")):
            needs = ["suites"]
        else:
            needs = [path]
        text, status = run(["make", "-s", *needs], 900)
        if status:
            # generated code that no longer compiles is a fault found
            return "no build" if name + ":" in text else "killed\tby the build"
        text, status = run(["env", f"BUILD={OUT}",
                            f"CK_DEFAULT_TIMEOUT={TEST_S}", path], before=limit_cpu)
        if status:
            test = re.search(r":[FE]:[^:]*:(.*)", text)
            why = test[1] if test else text[-60:].replace("\n", " ")
            return f"killed\tby {program}: {why}"
    return "SURVIVED\t"


def main():
    end, rnd = time.time() + float(sys.argv[1]), random.Random(int(sys.argv[2]))
    os.environ.setdefault("GRAPHC_ROOT", os.getcwd())  # the flags of before
    copy_tree()
    os.chdir(COPY)
    files = sorted(f for s in SOURCES for f in glob.glob(s, recursive=True)
                   if f.startswith(tuple(sys.argv[3:]) or ""))
    weights = [open(f).read().count("\n") for f in files]
    seen, words = set(), {"killed": 0, "SURVIVED": 0, "no build": 0}
    while time.time() < end:
        name, text, at, before, after = pick(rnd, files, weights, seen)
        shutil.copy2(name, "kept")
        open(name, "w").write(text)
        word = judge(name)
        shutil.copy("kept", name)  # with a new time: built again
        words[word.split("\t")[0]] += 1
        print(f"{word}\t{name}:{at}\t{before}\t->\t{after}", flush=True)
    print(", ".join(f"{n} {w}" for w, n in words.items()))


main()
