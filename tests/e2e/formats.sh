#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The formats of findings, by the word of those who read them: SARIF through python3-sarif-python-om, whose classes are made
# from the OASIS schema, JUnit through python3-junitparser, and GitHub's commands by the rules of its runner.
set -u
python=
for one in python3 /usr/bin/python3; do # Debian's modules are Debian's Python's
	if [ -z "$python" ] && "$one" -c 'import junitparser, sarif_om' 2>/dev/null; then
		python=$one
	fi
done
if [ -z "$python" ]; then
	echo "1..0 # SKIP no python3-junitparser or python3-sarif-python-om"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

cat >'bad, 100%: <&>.yaml' <<'YAML'
gwcert: 1
certificates:
  store:
    issuer: self
    san: [a.example.com]
    sans: ["b_<&%>::error,\u202e\e[31m.example.com"]
    keyUsage: [nonRepudation]
YAML
cat >good.yaml <<'YAML'
gwcert: 1
certificates:
  store:
    issuer: self
    sans: [a.example.com]
YAML

"$python" - "$GWCERT" 'bad, 100%: <&>.yaml' good.yaml <<'PYTHON'
import attr, inspect, io, json, re, subprocess, sys, urllib.parse
import junitparser, sarif_om

gwcert, bad, good = sys.argv[1:]
lines = []


def check(name, *why):
    why = [w for w in why if w]
    lines.append(f"{'not ok' if why else 'ok'} {len(lines) + 1} - {name}" + "".join(f"\n# {w!r}" for w in why))


def run(file, form, status):
    done = subprocess.run([gwcert, "gen", "-f", file, "--plan", "--format", form], capture_output=True)
    check(f"{form} of {file} exits with {status}", done.returncode != status and f"{done.returncode} {done.stderr!r}")
    return done.stdout.decode()


wanted = json.loads(run(bad, "json", 3))["findings"]
check("there are findings to print", len(wanted) < 3 and wanted)

# SARIF: each object has only properties of its class, and all that the class requires.
CLASSES = {
    name: kind for name, kind in inspect.getmembers(sarif_om, inspect.isclass) if attr.has(kind)
}
MEMBERS = {
    "runs": "Run", "tool": "Tool", "driver": "ToolComponent", "rules": "ReportingDescriptor", "results": "Result",
    "message": "Message", "locations": "Location", "physicalLocation": "PhysicalLocation",
    "artifactLocation": "ArtifactLocation", "region": "Region", "snippet": "ArtifactContent",
    "logicalLocations": "LogicalLocation", "shortDescription": "MultiformatMessageString",
    "fullDescription": "MultiformatMessageString", "help": "MultiformatMessageString",
    "defaultConfiguration": "ReportingConfiguration",
}


def sarif_faults(value, kind, path):
    fields = {a.metadata["schema_property_name"]: a for a in attr.fields(CLASSES[kind])}
    for name, field in fields.items():
        if field.default is attr.NOTHING and name not in value:
            yield f"{path}: no {name}"
    for name, member in value.items():
        if name not in fields:
            yield f"{path}: {name} is no property of {kind}"
        for item in member if isinstance(member, list) else [member]:
            if isinstance(item, dict):
                yield from sarif_faults(item, MEMBERS[name], f"{path}.{name}")


for file, status in (bad, 3), (good, 0):
    sarif = json.loads(run(file, "sarif", status))
    check(f"SARIF of {file} follows the schema", *sarif_faults(sarif, "SarifLog", "$"))
    check("it is of version 2.1.0", sarif["version"] != "2.1.0")
    results = sarif["runs"][0]["results"]
    rules = sarif["runs"][0]["tool"]["driver"]["rules"]
    check("a result points to its rule", *[r for r in results if rules[r["ruleIndex"]]["id"] != r["ruleId"]])
    check("no rule is described twice", len(rules) != len({r["id"] for r in rules}) and rules)
    if file == good:
        check("without findings there are no results", *results)
        continue
    seen = [
        (r["ruleId"], urllib.parse.unquote(p["artifactLocation"]["uri"]), p["region"]["startLine"], p["region"]["endColumn"])
        for r in results
        for p in [r["locations"][0]["physicalLocation"]]
    ]
    check("SARIF has each finding at its place",
          seen != [(f["code"], f["file"], f["line"], f["endColumn"]) for f in wanted] and seen)
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]
    check("a file's name is a relative URI", *[u for u in uris if urllib.parse.urlparse(u).scheme or " " in u])

# JUnit: counts, names and failures as a CI server sums them up.
for file, status in (bad, 3), (good, 0):
    text = run(file, "junit", status)
    xml = junitparser.JUnitXml.fromroot(junitparser.JUnitXml.fromstring(text.encode())._elem)
    xml_cases = [case for suite in xml for case in suite]
    failed = [case for case in xml_cases if any(isinstance(r, junitparser.Failure) for r in case.result)]
    check(f"JUnit of {file} counts its tests and failures",
          (xml.tests, xml.failures, xml.errors) != (len(xml_cases), len(failed), 0) and text)
    check(f"JUnit of {file} fails what is an error",
          [c.result[0].type for c in failed] != ([f["code"] for f in wanted] if file == bad else []) and text)
    check(f"JUnit of {file} is never empty", not xml_cases and text)
    names = [s.name for s in xml]
    check(f"JUnit of {file} has a suite for a file", names != ([bad] if file == bad else ["gwcert"]) and names)


# GitHub: the runner's own reading of a command (TryParseV2), then its unescaping.
def undo(text, also=()):
    for code, char in (*also, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def command(line):
    assert line.startswith("::"), line
    head, data = line[2:].split("::", 1)
    name, _, rest = head.partition(" ")
    pairs = [p.split("=", 1) for p in rest.split(",") if p]
    return name, {k: undo(v, (("%3A", ":"), ("%2C", ","))) for k, v in pairs}, undo(data)


text = run(bad, "github", 3)
got = [command(line) for line in text.splitlines()]
check("GitHub gets a command a finding", len(got) != len(wanted) and text)
for (name, properties, data), finding in zip(got, wanted):
    check(f"the command of {finding['code']} has its place",
          (name, properties["file"], properties["line"]) != ("error", finding["file"], str(finding["line"])) and properties,
          int(properties["endColumn"]) != finding["endColumn"] - 1 and properties)
    check(f"the command of {finding['code']} has its words", finding["code"] not in properties["title"] and properties,
          "help: " + finding["fix"] not in data if finding.get("fix") else "")
check("no control of a terminal gets through", re.search("[\x00-\x09\x0b-\x1f\u202e]", text) and text)
check("without findings GitHub gets nothing", run(good, "github", 0))

print("\n".join(lines))
print(f"1..{len(lines)}")
PYTHON
