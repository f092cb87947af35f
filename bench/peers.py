#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The engine against libRoadRunner, AMICI and COPASI (BasiCO) on the same models, patients and tolerances.

    pip install libroadrunner amici copasi-basico python-libsbml swig
    cmake --build build/release --target bench_ensemble bench_tasks
    bench/peers.py [--build build/release] [--model NAME] [--peer NAME] [--patients N] [--out FILE]

One thread each, CPU time, in turns: a patient of the peer, then a full group of patients in lanes. Only the peer's
integration is timed; reading and compiling stand in columns of their own. Each peer gets its doses as events of the model
and by restarts at the times of doses, where it can do both; the faster counts and is named. Errors are those at the end: the
median over patients of the root mean square over states, in units of the tolerances, against CVODE at 1e-10.
A peer that is absent, cannot read a model or stays out of time is named with the reason.
"""
import argparse
import dataclasses
import importlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

RELATIVE, ABSOLUTE = 1e-6, 1e-12  # the absolute tolerance is the one number all peers take
PEERS = {"roadrunner": "libRoadRunner", "amici": "AMICI", "basico": "COPASI"}
WAYS = {"roadrunner": ("restart", "events"), "amici": ("events",), "basico": ("restart", "events")}


# --- Models as a peer can take them --------------------------------------------------------------------------

def read_document(path):
    import libsbml

    document = libsbml.readSBML(str(path))
    document.convert(libsbml.ConversionProperties())
    promote = libsbml.ConversionProperties()
    promote.addOption("promoteLocalParameters", True)
    document.convert(promote)
    return document


def give_initial(model, name, value):
    """A number before the start: of a species an amount."""
    import libsbml

    model.removeInitialAssignment(name)
    element = model.getElementBySId(name)
    if isinstance(element, libsbml.Species):
        element.unsetInitialConcentration()
        element.setInitialAmount(value)
    elif isinstance(element, libsbml.Compartment):
        element.setSize(value)
    else:
        element.setValue(value)


def add_dose_events(document, task):
    import libsbml

    model = document.getModel()
    for number, dose in enumerate(d for d in task["doses"] if d["time"] > 0):
        state = model.getSpecies(dose["state"])
        amount = f"{dose['amount']!r}"
        share = amount if state.getHasOnlySubstanceUnits() else f"{amount} / {state.getCompartment()}"
        event = model.createEvent()
        event.setId(f"dose_{number}")
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        trigger.setInitialValue(True)
        trigger.setPersistent(True)
        trigger.setMath(libsbml.parseL3Formula(f"time >= {dose['time']!r}"))
        assignment = event.createEventAssignment()
        assignment.setVariable(dose["state"])
        assignment.setMath(libsbml.parseL3Formula(f"{dose['state']} + {share}"))


def first_amounts(task, patient):
    """Carried states at the start, with the doses of time 0."""
    amounts = dict(zip(task["states"], patient["begin"]["carried"]))
    for dose in task["doses"]:
        if dose["time"] == 0:
            amounts[dose["state"]] += dose["amount"]
    return amounts


def later_doses(task):
    return [dose for dose in task["doses"] if dose["time"] > 0]


def numbers_of(task, patient, model):
    """What integration does not change, compartments first, since amounts follow their sizes."""
    numbers = dict(zip(task["parameters"], patient["begin"]["parameters"]))
    free = {name: value for name, value in numbers.items()
            if model.getElementBySId(name) is not None and model.getAssignmentRuleByVariable(name) is None}
    return dict(sorted(free.items(), key=lambda one: model.getCompartment(one[0]) is None))


# --- Peers: load, then the final values of one patient --------------------------------------------------------

class RoadRunner:
    """CVODE as it comes: BDF, dense or LAPACK, Jacobian by differences; LLVM for the rates."""

    def __init__(self, task, document, way):
        import libsbml
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)
        if way == "events":
            add_dose_events(document, task)
        self.task, self.way, self.model = task, way, document.getModel()
        self.runner = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
        integrator = self.runner.getIntegrator()
        integrator.relative_tolerance, integrator.absolute_tolerance = RELATIVE, ABSOLUTE
        integrator.maximum_num_steps = 1_000_000
        integrator.variable_step_size = False
        integrator.stiff = True
        self.version = roadrunner.__version__

    def prepare(self, patient):
        self.runner.reset()
        for name, value in numbers_of(self.task, patient, self.model).items():
            self.runner[name] = value
        for name, amount in first_amounts(self.task, patient).items():
            self.runner.model[name] = amount

    def integrate(self):
        at = 0.0
        for dose in later_doses(self.task) if self.way == "restart" else []:
            self.runner.simulate(at, dose["time"], 2)
            at = dose["time"]
            self.runner.model[dose["state"]] += dose["amount"]
        self.runner.simulate(at, self.task["until"], 2)

    def carried(self):
        return [self.runner.model[name] for name in self.task["states"]]


class Amici:
    """CVODES with its defaults: BDF, KLU, symbolic sparse Jacobian, compiled C++ (-O3)."""

    def __init__(self, task, document, way):
        import amici
        import libsbml
        from amici.importers.sbml import SbmlImporter

        if later_doses(task):
            add_dose_events(document, task)
        self.task, model = task, document.getModel()
        self.document = document
        self.open_up(model, [first_amounts(task, patient) for patient in task["patients"]],
                     [numbers_of(task, patient, model) for patient in task["patients"]])
        name = "peer_" + re.sub(r"\W", "_", task["name"])
        self.folder = tempfile.TemporaryDirectory()
        source = pathlib.Path(self.folder.name) / "model.xml"
        source.write_text(libsbml.writeSBMLToString(document))
        compiled = SbmlImporter(str(source)).sbml2amici(
            name, f"{self.folder.name}/{name}", generate_sensitivity_code=False)
        self.amici_model = compiled or amici.import_model_module(name, f"{self.folder.name}/{name}").get_model()
        self.amici_model.set_timepoints([task["until"]])
        self.solver = self.amici_model.create_solver()
        self.solver.set_relative_tolerance(RELATIVE)
        self.solver.set_absolute_tolerance(ABSOLUTE)
        self.solver.set_max_steps(1_000_000)
        self.version = amici.__version__

    def open_up(self, model, amounts, numbers):
        """AMICI compiles in initial values and sizes: a parameter for each that varies leaves them open."""
        self.starts = {}
        for name in amounts[0]:
            give_initial(model, name, amounts[0][name])
            if any(of[name] != 0.0 for of in amounts):
                self.make_start(model, name, amounts[0][name])
        for name in numbers[0]:
            if model.getParameter(name) is None and len({of[name] for of in numbers}) > 1:
                self.make_start(model, name, numbers[0][name])

    def make_start(self, model, name, value):
        import libsbml

        parameter = model.createParameter()
        parameter.setId(f"start_{name}")
        parameter.setConstant(True)
        parameter.setValue(value)
        species = model.getSpecies(name)
        is_concentration = species is not None and not species.getHasOnlySubstanceUnits()
        model.removeInitialAssignment(name)
        assignment = model.createInitialAssignment()
        assignment.setSymbol(name)
        assignment.setMath(libsbml.parseL3Formula(
            f"start_{name} / {species.getCompartment()}" if is_concentration else f"start_{name}"))
        self.starts[name] = f"start_{name}"

    def prepare(self, patient):
        known = set(self.amici_model.get_free_parameter_ids())
        numbers = numbers_of(self.task, patient, self.document.getModel()) | first_amounts(self.task, patient)
        given = {self.starts.get(name, name): value for name, value in numbers.items()}
        missing = [name for name in patient["settings"] if self.starts.get(name, name) not in known]
        if missing:
            raise RuntimeError(f"compiles in {len(missing)} numbers that vary, such as {missing[0]}")
        for name in known & given.keys():
            self.amici_model.set_free_parameter_by_id(name, given[name])
        self.sizes = dict(zip(self.task["parameters"], patient["begin"]["parameters"]))

    def integrate(self):
        from amici.sim.sundials import run_simulation

        self.result = run_simulation(self.amici_model, self.solver)
        if self.result.status != 0:
            raise RuntimeError(f"integration ended with status {self.result.status}")

    def carried(self):
        values = dict(zip(self.amici_model.get_state_ids(), self.result.x[-1]))
        return [self.as_amount(name, values[name]) if name in values else None for name in self.task["states"]]

    def as_amount(self, name, value):
        species = self.document.getModel().getSpecies(name)
        if species is None or species.getHasOnlySubstanceUnits():
            return value
        return value * self.sizes.get(species.getCompartment(), 1.0)


class Copasi:
    """LSODA as it comes."""

    def __init__(self, task, document, way):
        import basico

        if way == "events":
            add_dose_events(document, task)
        self.task, self.way, self.document = task, way, document
        self.version = basico.__version__
        self.load(task["patients"][0])

    def load(self, patient):
        """A model for each patient: COPASI's own initial assignments are then out of the way."""
        import basico
        import libsbml

        model = self.document.clone()
        for name, value in numbers_of(self.task, patient, model.getModel()).items():
            give_initial(model.getModel(), name, value)
        for name, amount in first_amounts(self.task, patient).items():
            give_initial(model.getModel(), name, amount)
        self.data = basico.load_model_from_string(libsbml.writeSBMLToString(model))
        self.by_id = {self.data.getModel().getMetabolite(i).getSBMLId(): self.data.getModel().getMetabolite(i)
                      for i in range(self.data.getModel().getNumMetabs())}

    def prepare(self, patient):
        import basico

        basico.remove_datamodel(self.data)
        self.load(patient)

    def integrate(self):
        import basico

        at = 0.0
        for dose in later_doses(self.task) if self.way == "restart" else []:
            self.run(basico, at, dose["time"])
            at = dose["time"]
            species = self.by_id[dose["state"]]
            factor = self.data.getModel().getQuantity2NumberFactor()
            species.setInitialValue(species.getInitialValue() + dose["amount"] * factor)
            self.data.getModel().updateInitialValues(species.getInitialValueReference())
        self.run(basico, at, self.task["until"])

    def run(self, basico, begin, end):
        basico.run_time_course(start_time=begin, duration=end - begin, intervals=1, method="deterministic", r_tol=RELATIVE,
                               a_tol=ABSOLUTE, max_steps=10_000_000, update_model=True, model=self.data)

    def carried(self):
        factor = self.data.getModel().getQuantity2NumberFactor()
        return [self.by_id[name].getValue() / factor if name in self.by_id else None for name in self.task["states"]]


# --- One peer on one task, in a process of its own ------------------------------------------------------------

def error_of(patient, carried):
    """Root mean square over states of the error over the tolerance that the peer was asked for."""
    pairs = [(found, truth) for found, truth in zip(carried, patient["truth"]["carried"]) if found is not None]
    return statistics.fmean(((found - truth) / (RELATIVE * abs(truth) + ABSOLUTE)) ** 2 for found, truth in pairs) ** 0.5


def our_milliseconds(arguments, task):
    """A group of patients in lanes; machine code is kept, so that it is ready."""
    command = [f"{arguments.build}/bench_ensemble", "--model", task["name"], "--alone", "--rounds", "1", "--patients",
               str(arguments.ours), "--rtol", str(RELATIVE), "--atol", str(ABSOLUTE), "--cache", arguments.cache, "--reference", arguments.reference]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"ours ([\d.e+-]+) ms", line).group(1)), float(re.search(r"ready in ([\d.]+)", line).group(1))


def compete(arguments, task, peer, way):
    kind = {"roadrunner": RoadRunner, "amici": Amici, "basico": Copasi}[peer]
    our_milliseconds(arguments, task)
    begin, wall = time.process_time(), time.monotonic()
    children = os.times().children_user
    contestant = kind(task, read_document(pathlib.Path(arguments.tasks) / f"{task['file']}.xml"), way)
    loaded = time.process_time() - begin + os.times().children_user - children
    peer_ms, ours, errors, our_errors = [], [], [], []
    for patient in task["patients"]:
        ours.append(our_milliseconds(arguments, task)[0])
        contestant.prepare(patient)
        begin = time.process_time()
        contestant.integrate()
        peer_ms.append(1e3 * (time.process_time() - begin))
        errors.append(error_of(patient, contestant.carried()))
        our_errors.append(error_of(patient, patient["found"]["carried"]))
    return {"version": contestant.version, "way": way, "load": loaded, "ms": statistics.fmean(peer_ms),
            "ours": statistics.fmean(ours), "error": statistics.median(errors), "our_error": statistics.median(our_errors)}


def work(arguments):
    peer, way, file = arguments.work
    task = json.loads((pathlib.Path(arguments.tasks) / f"{file}.json").read_text())
    task["file"] = file
    task["patients"] = [p for p in task["patients"] if p["truth"] and p["found"]]
    try:
        result = compete(arguments, task, peer, way)
    except Exception as fault:  # whatever a peer throws is its reason
        result = {"reason": f"{type(fault).__name__}: {str(fault).strip().splitlines()[-1][:150]}"}
    print("RESULT " + json.dumps(result))


def in_process_of_its_own(arguments, peer, way, file):
    command = [sys.executable, __file__, "--work", peer, way, file, *common(arguments)]
    one_thread = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=arguments.limit, env=os.environ | one_thread)
    except subprocess.TimeoutExpired:
        return {"reason": f"not done in {arguments.limit} s"}
    lines = [line for line in run.stdout.splitlines() if line.startswith("RESULT ")]
    return json.loads(lines[-1][7:]) if lines else {"reason": f"ended with {run.returncode}"}


def common(arguments):
    return [f"--{name}={getattr(arguments, name)}" for name in ("build", "tasks", "cache", "reference", "ours")]


# --- The table ------------------------------------------------------------------------------------------------

def best_way(arguments, peer, task, file):
    ways = WAYS[peer] if task["doses"] else WAYS[peer][:1]
    found = [in_process_of_its_own(arguments, peer, way, file) for way in ways]
    done = [one for one in found if "ms" in one]
    return min(done, key=lambda one: one["ms"]) if done else found[0]


def row(task, peer, result):
    if "reason" in result:
        return f"| {task['name']} | {peer} | – | – | – | – | – | {result['reason'].replace('|', '/')} |"
    way = f"doses by {result['way']}" if task["doses"] else ""
    return (f"| {task['name']} | {peer} {result['version']} | {result['load']:.1f} | {result['ms']:.3g} | {result['ours']:.3g} "
            f"| {result['ms'] / result['ours']:.1f} | {result['error']:.2g} / {result['our_error']:.2g} | {way} |")


def table(arguments):
    subprocess.run([f"{arguments.build}/bench_tasks", arguments.tasks, "--patients", str(arguments.patients), "--rtol", str(RELATIVE),
                    "--atol", str(ABSOLUTE), "--model", arguments.model, "--reference", arguments.reference], check=True, stdout=subprocess.DEVNULL)
    yield "| model | peer | load and compile, s | peer, ms per patient | lanes, ms | ratio | error, peer / lanes | |"
    yield "|---|---|---|---|---|---|---|---|"
    for path in sorted(pathlib.Path(arguments.tasks).glob("*.json")):
        task = json.loads(path.read_text())
        if arguments.model not in task["name"]:
            continue
        for module, peer in PEERS.items():
            if arguments.peer in module:
                yield row(task, peer, best_way(arguments, module, task, path.stem) if is_there(module)
                          else {"reason": "not installed"})


def is_there(module):
    try:
        importlib.import_module(module)
        return True
    except ImportError:
        return False


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release", help="where bench_ensemble and bench_tasks are")
    parser.add_argument("--reference", default="../shared/reference")
    parser.add_argument("--tasks", help="folder for the models and patients; else a temporary one")
    parser.add_argument("--cache", help="folder for machine code; else in that of tasks")
    parser.add_argument("--model", default="", help="only models whose name holds this")
    parser.add_argument("--peer", default="", help="roadrunner, amici or basico")
    parser.add_argument("--patients", type=int, default=4, help="patients of each peer")
    parser.add_argument("--ours", type=int, default=32, help="patients in lanes at each turn")
    parser.add_argument("--limit", type=int, default=1800, help="seconds for a peer on a model")
    parser.add_argument("--out", help="file for the table; else it is printed")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    arguments = parse()
    scratch = tempfile.TemporaryDirectory()
    arguments.tasks = arguments.tasks or scratch.name
    arguments.cache = arguments.cache or f"{arguments.tasks}/code"
    if arguments.work:
        return work(arguments)
    out = open(arguments.out, "w", encoding="utf-8") if arguments.out else sys.stdout
    for line in table(arguments):
        print(line, file=out, flush=True)


if __name__ == "__main__":
    main()
