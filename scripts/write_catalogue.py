#!/usr/bin/env python3
"""Writes catalogue/published/*.json from a table of published faults. A tool for maintainers.

    scripts/write_catalogue.py FAULTS_JSON REPAIR_RESULTS_CSV

Profiles that a file already holds (their sizes are chosen and measured by hand) are kept. What is
written is reviewed by hand and committed; the build does not run this.
"""
import csv
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "catalogue", "published")

# What cannot be had: D2 (the Higgs challenge's rows), D10 (Kaggle), D15 (images of unclear terms), D16 (its fix is a
# larger network, judged on the rows it was trained on), the gaze, driving and speaker models (data not published).
IDS = (["D1"] + ["D%d" % i for i in range(3, 10)] + ["M1", "M2", "M3"] + ["R%d" % i for i in range(1, 8)] +
       ["C1", "C2", "C3", "068", "098", "099", "48221692"])

DATA = {
    "D1": "constant_vectors?holdout=42",
    "D3": "threshold?holdout=42",
    "D4": "mnist?holdout=42",
    "D5": "cifar10?holdout=42",
    "D6": "squares?holdout=42",
    "D7": "fivefold?holdout=42",
    "D8": "remainders?holdout=42",
    "D9": "mnist?holdout=1&labels=scaled",
    "M": "mnist?holdout=42",
    "R": "reuters?drop=42&holdout=42",
    "C": "cifar10?drop=0&holdout=42",
    "068": "constant_vectors",
    "098": "mnist?labels=scaled",
    "099": "iris",
    "48221692": "parabola",
}
FIXED_DATA = {"D9": "mnist?holdout=1", "098": "mnist"}

ABOUT = {
    "D1": "A softmax over one unit always answers one.",
    "D3": "Mean absolute error, a sigmoid unit and few updates: whether a number is below a threshold is often not learnt.",
    "D4": "Linear layers, squared error and a learning rate of 3: MNIST diverges at once.",
    "D5": "Batches of 1000 and five epochs are too few updates for this CIFAR-10 network.",
    "D6": "Five epochs of small steps on 160 rows are far too few updates.",
    "D7": "The learning rate is so small that y = 5x is not reached in 200 epochs.",
    "D8": "Plain gradient descent on bit patterns that are no classes; a constant answer beats the developers' fix.",
    "D9": "Train labels were divided by 255 and test images were not scaled: no patch of the problem can mend it.",
    "M1": "An MNIST network whose Adadelta has a learning rate of 0.001 instead of 1.",
    "M2": "An MNIST network whose first kernel starts at zero and never moves.",
    "M3": "An MNIST network whose output lost its softmax.",
    "R1": "A Reuters network with an L1 penalty on its first kernel.",
    "R2": "A Reuters network whose output is softsign instead of softmax.",
    "R3": "A Reuters network whose Adam has a learning rate of 1.",
    "R4": "A Reuters network with hinge loss on one-hot targets.",
    "R5": "A Reuters network trained by plain gradient descent instead of Adam.",
    "R6": "A Reuters network whose first kernel starts at ones.",
    "R7": "A Reuters network whose output lost its softmax.",
    "C1": "A CIFAR-10 network whose second convolution ends in a hard sigmoid.",
    "C2": "A CIFAR-10 network that is trained for one epoch instead of fifty.",
    "C3": "A CIFAR-10 network whose second convolution's kernel starts at ones.",
    "068": "A softmax over one unit always answers one (the question of D1, batches of one row).",
    "098": "Train labels were divided by 255 and test images were not scaled (the question of D9).",
    "099": "A network of four hidden units and a sigmoid output, trained on Iris for one epoch.",
    "48221692": "A sigmoid output cannot leave 0..1, but y = x^2 + 3 does.",
}

NOTES = {
    "D3": "The published rows are lost; these follow their rule. Half of one unit is 0 in the published space, a model "
          "that cannot be built; here it is 1.",
    "D4": "RandomNormal has mean 0 and standard deviation 1 here; random_normal means 0.05, Keras' default.",
    "D5": "bi4 and unit3 stayed at their faulty values in the repair study by a slip of its script; the neutrality graph "
          "varies them.",
    "D6": "The holdout has 8 rows, so that every published run is a multiple of 1/8.",
    "D7": "Judged by the mean absolute error whatever the loss. unit1 has no effect in the published script, so there is "
          "no such dimension here.",
    "D8": "Accuracy compares the places of the largest target and output. 0.58, which many published patches reach, is "
          "the constant answer 0: improvement rates above 1 come from there.",
    "D9": "To be diagnosed. The published fix also changes batch size and activations, which do not matter; "
          "fixed_data is the repaired preprocessing.",
    "M1": "Other tables of the same faults number M1, M2, M3 as M3, M1, M2; here as in the repair study.",
    "M2": "Other tables of the same faults number M1, M2, M3 as M3, M1, M2; here as in the repair study.",
    "M3": "Other tables of the same faults number M1, M2, M3 as M3, M1, M2; here as in the repair study.",
    "R1": "The penalty lies outside the published space, so no technique of the study could remove it.",
    "R5": "The mutant, 0.64, has SGD's default learning rate 0.01, as here; the first trial of the published search and "
          "the root of the graph, 0.453, have 0.001.",
    "C3": "Ones as in the mutant and the repair study, 0.49; the root of the graph has zeros, 0.099.",
    "098": "To be diagnosed: the fix is one of preprocessing alone (fixed_data). The published graph starts from the "
           "corrected data, 0.9886.",
    "099": "Published values are means over ten folds; here a fifth of the rows is held out. The script asks for 200 "
           "epochs by an argument that Keras ignores, so that one is trained. The published fix also has hidden layers of "
           "16 and 32 units; of those only what the search space knows is in the fix here.",
    "48221692": "Judged by the mean squared error whatever the loss.",
}

OPTIMIZER = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "adadelta": "Adadelta", "adamax": "Adamax",
             "nadam": "Nadam", "adagrad": "Adagrad"}
INITIALIZER = {"glorot_uniform": "GlorotUniform", "zeros": "Zeros", "ones": "Ones", "normal": "RandomNormal"}


def initializer(name):
    if name == "RandomNormal":  # fault D4
        return {"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 1.0}}
    return {"class_name": INITIALIZER[name], "config": {}}


def layer(spec, first):
    config = {}
    if first:
        config["batch_input_shape"] = [None] + spec["input_shape"]
    kind = spec["type"]
    if kind in ("Dense", "Conv2D"):
        if kind == "Dense":
            config["units"] = spec["units"]
        else:
            config.update(filters=spec["filters"], kernel_size=spec["kernel_size"], strides=spec["strides"],
                          padding=spec["padding"])
        config["activation"] = spec["activation"] or "linear"
        config["kernel_initializer"] = initializer(spec["kernel_initializer"])
        config["bias_initializer"] = initializer(spec["bias_initializer"])
        if "kernel_regularizer" in spec:
            penalty = spec["kernel_regularizer"]
            config["kernel_regularizer"] = {"class_name": penalty["name"].upper(),
                                            "config": {penalty["name"]: penalty["factor"]}}
    elif kind == "MaxPooling2D":
        config.update(pool_size=spec["pool_size"], strides=spec["strides"], padding=spec["padding"])
    elif kind == "Activation":
        config["activation"] = spec["activation"]
    elif kind == "Dropout":
        config["rate"] = spec["rate"]
    elif kind != "Flatten":
        raise SystemExit("unknown layer " + kind)
    return {"class_name": kind, "config": config}


def places(fault):
    """Published dimension -> name of mend's dimension."""
    found = {"loss": "loss", "batch_size": "batch_size", "optimizer": "optimizer", "lr": "learning_rate",
             "epochs": "epochs"}
    for i, spec in enumerate(fault["layers"]):
        for key, name in spec.get("dims", {}).items():
            found[name] = "layers[%d].%s" % (i, key)
        if "repeat" in spec:
            found[spec["repeat"]["dim"]] = "layers[%d].repeat" % i
    return found


def text(value):
    return repr(value) if isinstance(value, float) else str(value)


def edits(fault, problem, places_of, changes):
    made = []
    optimizer = None
    for change in changes:
        name, value = change["dimension"], change["fixed"]
        at = places_of[name]
        if at == "optimizer":
            optimizer = OPTIMIZER[value]
        elif at == "learning_rate":
            made.append({"op": "replace", "path": "/compile/optimizer/config/learning_rate", "value": value})
        elif at == "loss":
            made.append({"op": "replace", "path": "/compile/loss", "value": value})
        elif at in ("batch_size", "epochs"):
            made.append({"op": "replace", "path": "/fit/" + at, "value": value})
        else:
            place, key = at[len("layers["):].split("].")
            if key.endswith("initializer"):
                value = initializer(value)
            made.append({"op": "replace", "path": "/model/config/layers/%s/config/%s" % (place, key), "value": value})
    if optimizer:
        rate = problem["compile"]["optimizer"]["config"]["learning_rate"]
        for change in changes:
            if change["dimension"] == "lr":
                rate = change["fixed"]
        if fault["id"] == "R5":
            rate = 0.001
        made = [e for e in made if not e["path"].startswith("/compile/optimizer")]
        made.append({"op": "replace", "path": "/compile/optimizer",
                     "value": {"class_name": optimizer, "config": {"learning_rate": rate}}})
    return made


def number(word):
    return None if word == "" else float(word)


def published(fault, results):
    metric = fault["metric"]["name"].split(" ")[0]
    study = fault.get("repair_study_values") or {}
    out = {"source": fault["source"], "task": fault["task"], "metric": metric,
           "direction": "minimize" if fault["metric"]["loss_like"] else "maximize"}
    if study:
        out["faulty"] = study["faulty_holdout_mean"]
        out["fixed"] = study["fixed_holdout_mean"]
    else:
        out["faulty"] = fault["published"]["root_mean"]
        out["fixed"] = fault["known_fix"]["fixed_metric_mean"]
    rows = []
    for row in results:
        if row["fault_id"] == fault["id"]:
            rows.append({"technique": row["algorithm"], "budget": int(row["budget_multiple"]),
                         "runs": int(row["n_repeats"]), "runs_with_patch": int(row["n_repeats_with_patch"]),
                         "mean": number(row["mean_holdout"]), "std": number(row["std_holdout"]),
                         "improvement_rate": number(row["improvement_rate"]),
                         "complexity": number(row["mean_changed_hyperparameters"]),
                         "hyperparameters": int(row["n_hyperparameters"]) if row["n_hyperparameters"] else None,
                         "normalised_complexity": number(row["mean_normalised_complexity"]),
                         "asymmetric_jaccard": number(row["mean_asymmetric_jaccard"])})
    if rows:
        out["results"] = rows
    graph = fault["published"]
    out["graph"] = {"configurations": graph["n_configurations"], "accepted": graph["n_accepted_as_ground_truth"],
                    "root": {"configuration": graph["root_config"], "mean": graph["root_mean"],
                             "std": graph["root_std_sample"]}}
    return out


def space(fault, places_of):
    domain = fault["search_space"].get("repair_study_domain") or {}
    frozen = domain.get("frozen_at_faulty_value", [d for d in places_of if d.startswith("dropout")])
    rule = domain.get("epochs", "")
    dimensions = []
    for name in fault["search_space"]["dimensions"]:
        at = places_of.get(name, "")
        if fault["id"] == "D7" and name == "unit1":
            at = ""
        value = text(fault["faulty_config"][name])
        if fault["id"] == "C3" and name == "ki2":
            value = "ones"
        if fault["id"] == "R5" and name == "lr":
            value = "0.01"
        entry = {"name": name, "edits": at, "faulty": value}
        if name in frozen:
            entry["frozen"] = True
        dimensions.append(entry)
    return {"from": "repair study" if domain else "neutrality graph; domains as in the repair study",
            "dimensions": dimensions,
            "epochs": {"ratio": [1.1, 1.3], "quotients_above": 5 if "only above 5" in rule else 1}}


def fault_document(fault, results):
    id_ = fault["id"]
    training = fault["training"]
    layers = [layer(spec, i == 0) for i, spec in enumerate(fault["layers"])]
    rate = training["lr"]
    if id_ == "C3":
        layers[2]["config"]["kernel_initializer"] = initializer("ones")
    if id_ == "R5":
        rate = 0.01
    metric = {"mean_absolute_error": "mean_absolute_error", "mean_squared_error": "mean_squared_error"}.get(
        fault["metric"]["name"], "accuracy")
    problem = {
        "model": {"class_name": "Sequential", "keras_version": "2.4.3",
                  "config": {"name": "fault_" + id_, "layers": layers}},
        "compile": {"optimizer": {"class_name": OPTIMIZER[training["optimizer"]], "config": {"learning_rate": rate}},
                    "loss": training["loss"], "metrics": [metric]},
        "fit": {"batch_size": training["batch_size"], "epochs": training.get("effective_epochs", training["epochs"]),
                "shuffle": True, "validation_split": 0.0},
    }
    places_of = places(fault)
    changes = list(fault["known_fix"]["changes"])
    fix = edits(fault, problem, places_of, changes)
    if id_ == "R1":
        fix = [{"op": "remove", "path": "/model/config/layers/0/config/kernel_regularizer"}]
    out = {"id": id_, "about": ABOUT[id_]}
    if id_ in NOTES:
        out["note"] = NOTES[id_]
    out["data"] = DATA.get(id_) or DATA[id_[0]]
    if id_ in FIXED_DATA:
        out["fixed_data"] = FIXED_DATA[id_]
        out["repairable"] = False
    out["problem"] = problem
    out["fix"] = fix
    kept = {}
    path = os.path.join(FOLDER, id_ + ".json")
    if os.path.exists(path):
        with open(path) as file:
            kept = json.load(file).get("profiles", {})
    out["profiles"] = kept
    out["space"] = space(fault, places_of)
    out["published"] = published(fault, results)
    return out


def flat(value, indent):
    if isinstance(value, dict) and "technique" in value:
        return True
    return not isinstance(value, (dict, list)) or indent + len(json.dumps(value)) <= 118


def write(value, indent=0):
    """JSON with short values on one line."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and not (flat(value, indent) and indent > 0):
        return "{\n" + ",\n".join(pad + json.dumps(k) + ": " + write(v, indent + 1) for k, v in value.items()) + \
            "\n" + " " * indent + "}"
    if isinstance(value, list) and not flat(value, indent):
        return "[\n" + ",\n".join(pad + write(v, indent + 1) for v in value) + "\n" + " " * indent + "]"
    return json.dumps(value)


def main():
    with open(sys.argv[1]) as file:
        faults = {f["id"]: f for f in json.load(file)["faults"]}
    with open(sys.argv[2]) as file:
        results = list(csv.DictReader(file))
    os.makedirs(FOLDER, exist_ok=True)
    for id_ in IDS:
        content = write(fault_document(faults[id_], results)) + "\n"
        with open(os.path.join(FOLDER, id_ + ".json"), "w") as file:
            file.write(content)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main()
