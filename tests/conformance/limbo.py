#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs gwcert verify on the cases of a chain-verification suite in x509-limbo's JSON format and compares the verdicts.

usage: limbo.py [--gwcert PROGRAM] [--no-strict] [--known FILE] [--least PERCENT] SUITE.json...

Prints each disagreement with what gwcert said, and how many cases agree. Exit status 0 where at least PERCENT (100) of
each suite agree, or where all that disagree are listed in FILE (an id a line, # begins a comment), and no case crashed or
took more than a second; else 1.
"""

import argparse
import datetime
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

SECONDS = 1.0  # of processor time a case, the start of the process among them: another load does not count


def instant(text):
    """RFC 3339 as it stands in the suite; now where it has none."""
    if text is None:
        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


def write(folder, name, pems):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(pems) + "\n")
    return path


def names(case):
    kinds = {"DNS": "--hostname", "IP": "--ip", "RFC822": "--email"}
    wanted = ([case["expected_peer_name"]] if case["expected_peer_name"] else []) + case["expected_peer_names"]
    return ["%s=%s" % (kinds[name["kind"]], name["value"]) for name in wanted]


def command(case, folder, options):
    words = [options.gwcert, "verify", write(folder, "leaf.pem", [case["peer_certificate"]])]
    words += ["--roots", write(folder, "roots.pem", case["trusted_certs"])]
    if case["untrusted_intermediates"]:
        words += ["--intermediates", write(folder, "i.pem", case["untrusted_intermediates"])]
    if case.get("crls"):
        words += ["--crl", write(folder, "crls.pem", case["crls"])]
    if case["max_chain_depth"] is not None:
        words += ["--max-depth", str(case["max_chain_depth"])]
    words += ["--at", instant(case["validation_time"]), "--purpose", case["validation_kind"].lower()]
    return words + names(case) + ([] if options.no_strict else ["--strict"])


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(case, options):
    """The verdict, what was said, and what broke a promise (None for nothing)."""
    with tempfile.TemporaryDirectory() as folder:
        words = command(case, folder, options)
        begin = spent()
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=20, errors="replace", check=False)
        except subprocess.TimeoutExpired:
            return "FAILURE", "", "hangs"
        took = spent() - begin
    broken = None
    if done.returncode not in (0, 1, 3):
        broken = "exit status %d" % done.returncode
    elif took > SECONDS:
        broken = "took %.1f s" % took
    said = re.sub(r"\s+", " ", done.stdout + done.stderr).strip()
    return ("SUCCESS" if done.returncode == 0 else "FAILURE"), said, broken


def read_known(path):
    if path is None:
        return set()
    with open(path, encoding="utf-8") as lines:
        return {line.split("#")[0].strip() for line in lines} - {""}


def suite(path, options, known):
    with open(path, encoding="utf-8") as data:
        cases = json.load(data)["testcases"]
    agree, unknown, broken = 0, [], []
    for case in cases:
        verdict, said, fault = run(case, options)
        if fault:
            broken.append(case["id"])
            print("%s: %s" % (case["id"], fault))
        if verdict == case["expected_result"]:
            agree += 1
            continue
        note = " (known)" if case["id"] in known else ""
        if not note:
            unknown.append(case["id"])
        print("%s: expected %s%s\n    %s" % (case["id"], case["expected_result"], note, said[:400]))
    percent = 100.0 * agree / len(cases) if cases else 100.0
    print("%s: %d of %d agree (%.1f %%)" % (os.path.basename(path), agree, len(cases), percent))
    return not broken and (percent >= options.least or (known and not unknown))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gwcert", default=os.environ.get("GWCERT", "gwcert"))
    parser.add_argument("--no-strict", action="store_true")
    parser.add_argument("--known")
    parser.add_argument("--least", type=float, default=100.0)
    parser.add_argument("suites", nargs="+")
    options = parser.parse_args()
    known = read_known(options.known)
    return 0 if all([suite(path, options, known) for path in options.suites]) else 1


if __name__ == "__main__":
    sys.exit(main())
