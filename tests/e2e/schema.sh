#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The template's JSON Schema, by the word of python3-jsonschema: what gwcert takes passes, a key that it does not know does not.
set -u
if ! python3 -c 'import jsonschema, yaml; jsonschema.Draft202012Validator' 2>/dev/null; then
	echo "1..0 # SKIP no python3-jsonschema or python3-yaml"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$GWCERT" template schema >"$dir/schema.json" || exit 99
cp "$GW_SRCDIR"/tests/templates/good/*.yaml "$dir" || exit 99
for kind in self-signed ca mtls gateway fleet; do
	"$GWCERT" init "$kind" -o - >"$dir/init-$kind.yaml" 2>/dev/null || rm -f "$dir/init-$kind.yaml"
done
sed -n '/^\.\\" example: begin/,/^\.\\" example: end/{/^\.\\"/d;s/\\(aq/'"'"'/g;s/\\-/-/g;p}' "$GW_SRCDIR/man/gwcert-template.5" \
	>"$dir/manual.yaml"

python3 - "$dir" "$GWCERT" "$GW_SRCDIR/tests/templates/bad" <<'PYTHON'
import glob, json, os, subprocess, sys
import jsonschema, yaml

folder, gwcert, bad = sys.argv[1:]


class Loader(yaml.SafeLoader):
    """YAML 1.2 has no dates: an instant is a string."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader)


with open(folder + "/schema.json", encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.Draft202012Validator(schema)
lines = []


def check(name, why):
    lines.append(f"{'not ok' if why else 'ok'} {len(lines) + 1} - {name}" + "".join(f"\n# {w}" for w in why))


def schema_fault():
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        return [error.message]
    return []


check("the schema is one of draft 2020-12", schema_fault())
good = sorted(glob.glob(folder + "/*.yaml"))
check("there are good templates", [] if len(good) >= 4 else [f"only {len(good)}"])
for path in good:
    run = subprocess.run([gwcert, "template", "explain", "no-such-entry", "-f", path], capture_output=True, text=True)
    # Reading it is all that matters: the entry is not there, or the rows among which it might be.
    why = [run.stderr] if ": error: " in run.stderr or run.returncode not in (2, 3) else []
    why += [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(load(path))]
    check(os.path.basename(path) + " is good for gwcert and for the schema", why)
passed, count = [], 0
for path in sorted(glob.glob(bad + "/*.yaml")):
    with open(path, encoding="utf-8") as file:
        if "# expect GWT002 " not in file.read():
            continue
    count += 1
    if validator.is_valid(load(path)):
        passed.append(os.path.basename(path))
check("unknown keys of the corpus are refused", passed)
check("the corpus has such files", [] if count >= 15 else [f"only {count}"])
print(f"1..{len(lines)}")
print("\n".join(lines))
PYTHON
