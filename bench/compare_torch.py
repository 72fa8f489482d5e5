"""What compare_torch.sh runs: mend and PyTorch in turn, medians of the rounds and ratios."""
import json
import os
import statistics
import subprocess
import sys

script, python, rounds, bench = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
names = os.environ.get("NAMES", "tiny mlp reuters_mlp mnist_cnn cifar_cnn").split()
seconds = os.environ.get("SECONDS_EACH", "2")
jobs = os.environ.get("JOBS", "2") != "0"
targets = {"tiny": 100, "mlp": 3, "reuters_mlp": 10, "mnist_cnn": 2, "cifar_cnn": 2}

# The peer's own loop, with the clock replaced by the process's processor time.
PEER = """
import runpy, sys, time
time.perf_counter = time.process_time
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def peer(name):
    command = [python, "-c", PEER, script, "--threads", "1", "--seconds", seconds, "--json", name]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["samples_per_second"][name]


def mend(pattern):
    """{name: (items per second of processor time, items per second by the clock)}"""
    command = [bench, "--benchmark_filter=" + pattern, "--benchmark_format=json", "--benchmark_min_time=" + seconds]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {}
    for run in json.loads(out)["benchmarks"]:
        clock = run["items_per_second"]
        by_clock = run["name"].endswith("real_time")
        processor = clock * run["real_time"] / run["cpu_time"] if by_clock else clock
        found[run["name"].replace("/real_time", "")] = (processor, clock)
    return found


def spread(values):
    middle = statistics.median(values)
    return f"{middle:12.0f} ({100 * (min(values) / middle - 1):+.0f}..{100 * (max(values) / middle - 1):+.0f} %)"


ours = {name: [] for name in names}
theirs = {name: [] for name in names}
twice = {name: [] for name in names}
peaks = {}
for _ in range(rounds):
    for name in names:
        ours[name].append(mend(f"^train_step/{name}/real_time$")[f"train_step/{name}"][0])
        theirs[name].append(peer(name))
        print(f"{name}: {ours[name][-1]:.0f} against {theirs[name][-1]:.0f}", file=sys.stderr, flush=True)
        if jobs:
            one = mend(f"^train_step/{name}/real_time$")[f"train_step/{name}"][1]
            two = mend(f"^train_step/{name}/jobs:2/real_time$")[f"train_step/{name}/jobs:2"][1]
            twice[name].append(two / one)
    for name, (processor, _) in mend("^gemm").items():
        peaks.setdefault(name, []).append(processor)

print(f"{'samples per second':24s} {'mend':>24s} {'peer':>26s} {'ratio':>8s} {'target':>7s} {'jobs:2':>7s}")
for name in names:
    ratio = statistics.median(a / b for a, b in zip(ours[name], theirs[name]))
    doubled = f"{statistics.median(twice[name]):7.2f}" if jobs else "      -"
    print(f"train_step/{name:13s} {spread(ours[name])} {spread(theirs[name])} {ratio:8.2f} {targets[name]:7d} {doubled}")
for name, values in peaks.items():
    print(f"{name:24s} {statistics.median(values) / 1e9:8.1f} 10^9 multiply-adds per second")
