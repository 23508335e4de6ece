#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds gwcert lint's own validation against jsonschema: the same CRDs, the same manifests with random damage.

    lint-schema.py GWCERT DATA FOLDER [SEED [COUNT]]

DATA has crds/ and seed-manifests*/. Writes the manifests below FOLDER, and prints what one refuses and the other takes.
"""
import copy
import glob
import json
import os
import random
import subprocess
import sys

import jsonschema
import yaml

# Rules that speak in the place of "the API server refuses it".
REFUSED = {"GWK051", "GWK052", "GWK018", "GWK019", "GWK020", "GWK030", "GWK032", "GWK046"}
# Words of conditions between fields (CEL), which jsonschema knows nothing of.
CEL = ('needs "', "may be there", "do not go together", "the path ", "must stand alone")
VALUES = ["", "x", 1, -1, 70000, True, {}, [], "*.example.com", "A.b", {"a": 1}, ["x"], [{}], "a" * 300, None, "HTTPS",
          "Terminate", "/x", "443", 0, "a b"]
NAMES = ["foo", "options", "hostname", "name", "port", "kind", "namespace", "type"]


def strict(schema):
    """A schema of a CRD as strict validation takes it: no fields but those that it names."""
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    skip = ("default", "description", "format", "x-kubernetes-validations", "oneOf")
    new = {key: value for key, value in schema.items() if key not in skip}
    if "properties" in new:
        new["properties"] = {key: strict(value) for key, value in new["properties"].items()}
        new["additionalProperties"] = False
    elif isinstance(new.get("additionalProperties"), dict):
        new["additionalProperties"] = strict(new["additionalProperties"])
    if "items" in new:
        new["items"] = strict(new["items"])
    return new


def read_schemas(data):
    schemas = {}
    for path in glob.glob(data + "/crds/gateway-api-v1.6.1/standard/*.yaml") + glob.glob(data + "/crds/gke*/*.yaml"):
        with open(path, encoding="utf-8") as text:
            spec = yaml.safe_load(text)["spec"]
        for version in (v for v in spec["versions"] if v["served"]):
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            schemas[(spec["group"] + "/" + version["name"], spec["names"]["kind"])] = schema
    return schemas


def without_nulls(value):
    """Null members count as not there; null items stay."""
    if isinstance(value, dict):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def places(value, path=()):
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, path + (key,))


def damage(rng, manifest):
    manifest = copy.deepcopy(manifest)
    for _ in range(rng.randint(1, 2)):
        inside = [path for path in places(manifest) if len(path) > 1 and path[0] == "spec"]
        if not inside:
            break
        path = rng.choice(inside)
        parent = manifest
        for key in path[:-1]:
            parent = parent[key]
        how = rng.choice("drva")
        if how == "d":
            parent.pop(path[-1])
        elif how == "r" and isinstance(parent, dict):
            parent[rng.choice(NAMES + [str(path[-1]) + "s"])] = parent.pop(path[-1])
        elif how == "v":
            parent[path[-1]] = copy.deepcopy(rng.choice(VALUES))
        elif how == "a" and isinstance(parent, list):
            parent.extend(copy.deepcopy(parent[path[-1]]) for _ in range(rng.choice([1, 9, 70])))
    return manifest


def main():
    gwcert, data, folder = sys.argv[1:4]
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    count = int(sys.argv[5]) if len(sys.argv) > 5 else 600
    schemas = read_schemas(data)
    sound = []
    for path in sorted(glob.glob(data + "/seed-manifests*/*.yaml")):
        with open(path, encoding="utf-8") as text:
            sound += [d for d in yaml.safe_load_all(text) if (d["apiVersion"], d["kind"]) in schemas]
    manifests = [damage(rng, rng.choice(sound)) for _ in range(count)]
    for number, manifest in enumerate(manifests):
        with open(f"{folder}/{number}.yaml", "w", encoding="utf-8") as out:
            yaml.safe_dump(manifest, out, sort_keys=False)
    ran = subprocess.run([gwcert, "lint", folder, "--format", "json", "--severity", "error"], stdout=subprocess.PIPE,
                         check=False)
    said = {}
    for finding in json.loads(ran.stdout)["findings"]:
        said.setdefault(os.path.basename(finding["file"]), []).append(finding)
    for number, manifest in enumerate(manifests):
        validator = jsonschema.Draft7Validator(schemas[(manifest["apiVersion"], manifest["kind"])])
        wrong = [f"{list(e.path)}: {e.message[:100]}" for e in validator.iter_errors(without_nulls(manifest))]
        ours = [f for f in said.get(f"{number}.yaml", []) if f["code"] in REFUSED]
        plain = [f["message"] for f in ours if f["code"] == "GWK051" and not any(w in f["message"] for w in CEL)]
        if wrong and not ours:
            print(f"{number}.yaml is taken: {wrong[0]}")
        if plain and not wrong:
            print(f"{number}.yaml is refused: {plain[0]}")


main()
