"""Splink over the FEBRL sets: one JSON line with F1 and seconds of each.

Usage: python splink_peer.py FOLDER_OF_THE_CSV_FILES RUNS_OF_EACH

The settings follow Splink's own example for FEBRL 4 (https://moj-analytical-services.github.io/splink/demos/examples/duckdb/febrl4.html),
with the address columns added, which the example leaves out, so that both read the same columns. Blocking rules and training blocks are
given per variant. The seconds begin with the tables in memory and end with the predictions; reading CSV files and importing libraries
do not count. F1 is over pairs, at the best of many thresholds, chosen by the truth: the best that Splink could do.
"""

import csv
import json
import logging
import sys
import time
import warnings

import pyarrow as pa

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

THRESHOLDS = (-10, -5, 0, 2, 5, 8, 10, 12, 15, 20)


def table(folder, name):
    with open(f"{folder}/{name}.csv", newline="") as file:
        rows = list(csv.reader(file, skipinitialspace=True))
    head = [column.strip() for column in rows[0]]
    columns = {column: [row[at].strip() or None for row in rows[1:]] for at, column in enumerate(head)}
    columns["unique_id"] = columns.pop("rec_id")
    return pa.table(columns)


def entity(record):
    return record.split("-")[1]


def comparisons(dropped):
    frequent = {"term_frequency_adjustments": True}
    found = {
        "given_name": cl.NameComparison("given_name").configure(**frequent),
        "surname": cl.NameComparison("surname").configure(**frequent),
        "date_of_birth": cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        "soc_sec_id": cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        "street_number": cl.ExactMatch("street_number").configure(**frequent),
        "address_1": cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        "address_2": cl.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
        "suburb": cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(**frequent),
        "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**frequent),
        "state": cl.ExactMatch("state"),
    }
    return [comparison for column, comparison in found.items() if column not in dropped]


def rules(dropped):
    all_rules = [
        ("given_name", "surname"),
        ("date_of_birth",),
        ("soc_sec_id",),
        ("given_name", "postcode"),
        ("surname", "postcode"),
        ("street_number", "address_1"),
        ("postcode", "street_number"),
        ("suburb", "street_number"),
    ]
    return [block_on(*rule) for rule in all_rules if not set(rule) & set(dropped)]


def run(folder, names, dropped):
    tables = [table(folder, name) for name in names]
    started = time.perf_counter()
    api = DuckDBAPI()
    frames = [api.register(data, dataset_display_name=name) for name, data in zip(names, tables)]
    linking = len(names) == 2
    settings = SettingsCreator(
        link_type="link_only" if linking else "dedupe_only",
        comparisons=comparisons(dropped),
        blocking_rules_to_generate_predictions=rules(dropped),
    )
    linker = Linker(frames if linking else frames[0], settings)
    certain = [block_on("given_name", "surname", "postcode"), block_on("surname", "address_1", "street_number")]
    if "soc_sec_id" not in dropped:
        certain.append(block_on("soc_sec_id"))
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (("given_name", "surname"), ("postcode", "street_number")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    predictions = linker.inference.predict(threshold_match_weight=min(THRESHOLDS))
    pairs = predictions.as_pyarrow_table()
    seconds = time.perf_counter() - started
    left = [entity(of) for of in pairs["unique_id_l"].to_pylist()]
    right = [entity(of) for of in pairs["unique_id_r"].to_pylist()]
    weights = pairs["match_weight"].to_pylist()
    counts = {}
    for data in tables:
        for record in data["unique_id"].to_pylist():
            counts[entity(record)] = counts.get(entity(record), 0) + 1
    truth = sum(count * (count - 1) // 2 for count in counts.values())
    best = 0.0
    for threshold in THRESHOLDS:
        kept = [one == other for one, other, weight in zip(left, right, weights) if weight >= threshold]
        if kept:
            best = max(best, 2 * sum(kept) / (len(kept) + truth))
    return {"f1": round(best, 5), "seconds": round(seconds, 3)}


def main():
    folder, repeats = sys.argv[1], int(sys.argv[2])
    both = ["dataset4a", "dataset4b"]
    runs = {
        "febrl4": (both, ()),
        "febrl4_without_number": (both, ("soc_sec_id",)),
        "febrl4_without_number_and_birth": (both, ("soc_sec_id", "date_of_birth")),
        "febrl1": (["dataset1"], ()),
        "febrl2": (["dataset2"], ()),
        "febrl3": (["dataset3"], ()),
    }
    fastest = lambda what: min((run(folder, *what) for _ in range(repeats)), key=lambda found: found["seconds"])
    print(json.dumps({name: fastest(what) for name, what in runs.items()}))


main()
