#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes that we did not write: each file of ../shared/cases/monitors and pumps, decoded by chairside-tool decode, gives what
its SOURCES.md states. Logs of pumps, which are not what a pump says on its line, are put on a line here first. Skipped
without ../shared/cases."""
import csv
import json
import os
import pathlib
import re
import sys
import tempfile

from chair import json_lines, tool

CASES = pathlib.Path(os.environ.get("CHS_TEST_CASES", "/nowhere"))
ON_LINE = tempfile.TemporaryDirectory(prefix="chs-cases-")


def put(name, content):
    path = pathlib.Path(ON_LINE.name) / name
    path.write_bytes(content)
    return path


# ---- what is not a line's bytes, put on a line ----

KEY_FILE = """[device]
name = {name}
kind = volumetric
clinical = false
source = test
[serial]
baud = 115200
[frame]
start = {start}
end = {end}
max = 200
[poll]
mode = listen
{fields}
"""


def described(name, start="", end="\\n", **fields):
    """A driver made of expressions; the keys of a field stand between "|"."""
    text = "".join(f"[field.{key}]\n" + "regex = " + "\n".join(value.split("|")) + "\n" for key, value in fields.items())
    return f"described:{put(name + '.pumpdef', KEY_FILE.format(name=name, start=start, end=end, fields=text).encode())}"


def replies(path):
    """All answers of the recorded pump, one after the other; what was asked is of no interest."""
    recorded = json.loads(path.read_text())
    return put(path.name, "".join(reply for answers in recorded.values() for reply in answers).encode("latin1"))


def orchestra(path):
    """Values of a recording as what a module of the rack tells unasked."""
    frames = b""
    for row in csv.DictReader(path.open()):
        if row["RATE"] and row["VOL"]:
            text = f"1E;d{round(float(row['RATE']) * 10):04X};r{round(float(row['VOL']) * 1000):08X}".encode()
            frames += b"\2" + text + b"%02X\3" % (0xFF - sum(text) & 0xFF)
    return put(path.name, frames)


def openice(path):
    """One line a second: flow, volume, VTBI, battery."""
    said, second = [], {}
    for row in csv.DictReader(path.open()):
        if row["event_category"] == "NUMERIC":
            second[row["metric_id"]] = row["observed_value"]
        if len(second) == 4:
            said.append(" ".join(second[k] for k in ("MDC_FLOW_FLUID_PUMP", "VOLUME_INFUSED", "VTBI", "BATTERY_LEVEL")) + "\n")
            second = {}
    return put(path.name, ("\n" + "".join(said)).encode())


def ihe(path):
    """By the names of its terms: some of its codes are placeholders."""
    terms = json.loads(path.read_text())["Data"]["Body"]["Terms"]
    state = terms["CH1"]["MDC_PUMP_STAT"]["Value"].rpartition("-")[2]
    names = ("MDC_FLOW_FLUID_PUMP", "MDC_VOL_FLUID_DELIV", "MDC_VOL_FLUID_TBI_REMAIN", "MDC_DRUG_NAME_TYPE")
    return put(path.name, b"\n" + " ".join([state, *(terms["CH2"][name]["Value"] for name in names)]).encode() + b"\n")


def as_it_is(path):
    return path


def lines(path):
    """The first line after opening may be torn and is not used: here it is an empty one."""
    return put(path.name, b"\n" + path.read_bytes())


# ---- what the events say ----

def values(events, param):
    return [e["value"] for e in events if e["type"] == "numeric" and e["param"] == param]


def told(events, key):
    """What pumps told of @key, without repetitions in a row."""
    seen = [e[key] for e in events if e["type"] == "pump"]
    return [v for i, v in enumerate(seen) if i == 0 or seen[i - 1] != v]


def samples(events, param):
    return [s for e in events if e["type"] == "wave" and e["param"] == param for s in e["samples"]]


def texts(events):
    return [e["text"] for e in events if e["type"] == "device" and e["text"]]


def only(**params):
    """Each of these values, and no other, of each of these parameters."""
    return lambda events: [f"{param}: {values(events, param)}" for param, value in params.items()
                           if set(values(events, param)) != {value}]


def series(**params):
    return lambda events: [f"{param}: {values(events, param)}" for param, wanted in params.items()
                           if values(events, param) != wanted]


def without(*params):
    """No number of these."""
    return lambda events: [f"{param}: {values(events, param)}" for param in params if set(values(events, param)) - {None}]


def says(*words):
    return lambda events: [f"not said: {word!r} in {texts(events)}" for word in words if word not in texts(events)]


def pump(**keys):
    """The last thing told of the pump."""
    def check(events):
        (last,) = [e for e in events if e["type"] == "pump"][-1:] or [{}]
        return [f"{key}: {last.get(key)!r}, not {wanted!r}" for key, wanted in keys.items() if last.get(key) != wanted]
    return check


def begins(key, *wanted):
    return lambda events: [] if told(events, key)[:len(wanted)] == list(wanted) else [f"{key}: {told(events, key)[:len(wanted)]}"]


def from_to(key, least, most, ends):
    def check(events):
        seen = [v for v in told(events, key) if v is not None]
        good = seen and (min(seen), max(seen), seen[-1]) == (least, most, ends)
        return [] if good else [f"{key}: {min(seen, default=None)}..{max(seen, default=None)}, ends at {seen[-1:]}"]
    return check


def count(kind, n, **keys):
    def check(events):
        found = [e for e in events if e["type"] == kind and all(e.get(k) == v for k, v in keys.items())]
        return [] if len(found) == n else [f"{kind} {keys}: {len(found)} and not {n}"]
    return check


def frames(ok, **others):
    """Frames and, where the file has them, bytes that are none: nothing else is bad."""
    wanted = {"frames_ok": ok, "frames_bad": 0, "bytes_skipped": 0} | others
    return lambda events: [f"{key}: {events[-1][key]} and not {n}" for key, n in wanted.items() if events[-1][key] != n]


def silent(*words):
    """Tells of nobody: neither the words nor any event."""
    return lambda events: [f"told: {e}" for e in events[:-1]] + [f"told: {w}" for w in words if w in json.dumps(events)]


def wave(param, n=None, starts=(), span=None):
    def check(events):
        seen = samples(events, param)
        wrong = [] if n is None or len(seen) == n else [f"{param}: {len(seen)} samples and not {n}"]
        wrong += [] if seen[:len(starts)] == list(starts) else [f"{param} starts {seen[:len(starts)]}"]
        return wrong + ([] if span is None or seen and (min(seen), max(seen)) == span else [f"{param}: {min(seen)}..{max(seen)}"])
    return check


def all_demo(events):
    return [f"not marked as demonstration: {e}" for e in events if e["type"] in ("numeric", "wave") and "demo" not in e["flags"]]


def signals(numerics, waves):
    """Signals of a monitor: numerics that are told or counted as unknown, and waves."""
    def check(events):
        seen = {kind: {e["param"] for e in events if e["type"] == kind} for kind in ("numeric", "wave")}
        n = len(seen["numeric"]) + events[-1]["unknown"]
        return [] if (n, len(seen["wave"])) == (numerics, waves) else [f"signals: {n} and {seen}"]
    return check


def drops(key, wanted, after):
    """A counter falls so, and comes back: told as it was said, for what it means is the engine's to judge."""
    def check(events):
        seen = told(events, key)
        falls = [(a, b) for a, b in zip(seen, seen[1:]) if b < a]
        back = [b for a, b in zip(seen, seen[1:]) if b > a + 1]
        return [] if (falls, back) == (wanted, [after]) else [f"{key} falls {falls}, comes back {back}"]
    return check


NUMBER = "([0-9.]+)"
STANPUMP = described("stanpump", rate=f"^2, *[0-9]+, *{NUMBER}\\s*$|unit = ml/h", volume=f"^1, *[0-9]+, *{NUMBER}\\s*$|unit = ml")
OPENICE = described("openice", rate=f"^{NUMBER} |unit = ml/h", volume=f"^[0-9.]+ {NUMBER} |unit = ml",
                    vtbi=f"^[0-9.]+ [0-9.]+ {NUMBER} |unit = ml")
IHE = described("ihe", state="^([a-z]+) |map = paused=paused;delivering=infusing", rate=f"^[a-z]+ {NUMBER} |unit = ml/h",
                volume=f"^[a-z]+ [0-9.]+ {NUMBER} |unit = ml", vtbi=f"^[a-z]+ [0-9.]+ [0-9.]+ {NUMBER} |unit = ml",
                drug="([A-Za-z]+)\\s*$|type = text")

# file, driver, how it comes on a line, what must be seen
TABLE = [
    ("monitors/datex_s5_trends_record.bin", "datex-s5", as_it_is, [
        frames(1), says("GE S/5 DRI level 8, plug 35588"), count("numeric", 1, param="HR", value=0, quality="questionable"),
        only(ABP_SYS=9, ABP_DIA=0.9, ABP_MEAN=4.86, IBP2_SYS=2.61, IBP2_DIA=1.36, IBP2_MEAN=2.21, TEMP=18, TEMP2=27.07, ETCO2=0),
        without("SPO2", "PR", "NIBP_SYS", "NIBP_DIA", "NIBP_MEAN", "IBP3_SYS", "RR")]),
    ("monitors/intellivue_m8000_session_excerpt.hex", "intellivue", as_it_is, [
        frames(9), signals(numerics=20, waves=4), says("Philips M8000 0009FB70D80B"), count("device", 1, code="demo"), all_demo,
        only(HR=60, SPO2=95, RR=15, PR=60, PI=10, ABP_SYS=120, ABP_DIA=70, ABP_MEAN=91, NIBP_SYS=120, NIBP_DIA=80, NIBP_MEAN=90),
        count("device", 0, code="alarm")]),
    ("monitors/intellivue_m8000_ptdemog_reply.hex", "intellivue", as_it_is, [frames(1), silent()]),
    ("monitors/intellivue_mx800_serial_frame_unstuffed.bin", "intellivue", as_it_is, [frames(1), silent("Koenig")]),
    ("monitors/intellivue_mx800_serial_frame_wire.bin", "intellivue", as_it_is, [frames(1), silent("Koenig")]),
    ("monitors/masimo_rad8_yahnatan.txt", "masimo-ascii", as_it_is, [
        frames(5), series(SPO2=[98] * 5, PR=[97, 96, 96, 96, 97], PI=[3.6, 3.95, 4.25, 3.19, 2.41]), count("device", 0, code="alarm")]),
    ("monitors/nonin_format2_packet_pufferfish.bin", "nonin-2", as_it_is, [
        frames(1), only(PR=72, SPO2=97), says("Nonin, firmware 48"), wave("PLETH_WAVE", n=25)]),
    ("monitors/contec_cms50e_realtime_part1.bin", "contec-cms50", as_it_is, [
        frames(60), only(PR=60, SPO2=99), without("PI"), wave("PLETH_WAVE", n=60, starts=(19, 19, 18, 18, 18, 17))]),
    ("monitors/ivy450c_ansarb_part1.bin", "ivy-450c", as_it_is, [
        frames(13, bytes_skipped=252), only(HR=80, RR=35, SPO2=100, PR=80, NIBP_SYS=121, NIBP_DIA=75, NIBP_MEAN=92, NIBP_PR=80,
                                            ABP_DIA=73, ABP_MEAN=88),
        lambda events: [] if set(values(events, "ABP_SYS")) == {110, 111} else [f"ABP_SYS: {values(events, 'ABP_SYS')}"],
        count("numeric", 13, param="HR"), count("numeric", 1, param="NIBP_SYS"), without("IBP2_SYS", "IBP2_DIA", "IBP2_MEAN")]),
    ("monitors/suntech_nibp_responses_demoappfx.bin", "suntech-nibp", as_it_is, [
        frames(2), only(NIBP_CUFF=258, NIBP_SYS=115, NIBP_DIA=74, NIBP_MEAN=88, NIBP_PR=85), count("device", 0, code="nibp_failed")]),
    ("pumps/bcc_rack_block1.bin", "bbraun-bcc", as_it_is, [
        frames(1), says("B. Braun Perfusor Space 36248"), count("pump", 1),
        pump(slot="1/1", model="Perfusor Space", serial="36248", state="ready", rate_ml_h=0, volume_ml=0, on_mains=True, alarms=[])]),
    ("pumps/alaris_asena_replies_a.bin", "alaris-asena", as_it_is, [
        frames(5), says("Alaris Asena 8002-51740", "COMMS_PROTOCOL Asena Rev 2.1.5", "COMMS_RESPONSE_MAX 4000 ms",
                        "SYRINGE_STATUS BD PLASTIPAK 50 CONF"), pump(rate_ml_h=0.1, serial="8002-51740")]),
    ("pumps/terumo_packets_a.bin", "terumo", as_it_is, [frames(2), says("Terumo Terufusion 000100700000001201000001"), count("pump", 0)]),
    ("pumps/neurowave_ap4000_connreq_v01.bin", "neurowave-ap4000", as_it_is, [
        frames(1), says("NeuroWave AP-4000 032-19-50-014 protocol 0.1"), count("pump", 0)]),
    # our own questions, heard back: good frames that tell nothing
    ("pumps/baxter_as50_requests_a.bin", "baxter-as50", as_it_is, [frames(4, unknown=4), silent()]),
    # rates with units are not what is asked for; a refusal, a limit or a ramp is not taken for a status
    ("pumps/legato100_recorded_part1.json", "harvard-phd", replies, [
        frames(11), says("Harvard/KDS firmware v3.0.6 serial D101754"), count("pump", 0)]),
    ("pumps/openice_simpump_log_a.csv", OPENICE, openice, [
        frames(77, bytes_skipped=1), count("pump", 77), from_to("rate_ml_h", 5, 200, 5),
        from_to("volume_ml", 0.041666668, 0.31527758, 0.31527758)]),
    ("pumps/stanpump_sample_part1.dat", STANPUMP, lines, [
        frames(412, bytes_skipped=1), begins("rate_ml_h", None, 199.7178), begins("volume_ml", 0, 0.554772)]),
    # a plan, not a pump: nothing of it is believed
    ("pumps/stanpump_sample.drg", STANPUMP, lines, [frames(0, bytes_skipped=1), silent()]),
    ("pumps/ihe_pcd_infusion_vines.json", IHE, ihe, [
        frames(1, bytes_skipped=1), pump(state="paused", rate_ml_h=24.9, volume_ml=25.6, vtbi_ml=224.4, drug="Dopamine")]),
    # FF recorded as 46, so that the volume falls; 0.1 mL/h is the finest that this line can say of a rate
    ("pumps/vitaldb_orchestra_rftn20_a.csv", "orchestra", orchestra, [
        frames(1778), begins("rate_ml_h", 0, 568.9), from_to("volume_ml", 0, 9.217, 9.217)]),
    ("pumps/vitaldb_orchestra_rftn20_b_glitch.csv", "orchestra", orchestra, [
        frames(394), drops("volume_ml", [(65.267, 17.926), (18.168, 17.99), (66.808, 66.63)], 65.543),
        from_to("volume_ml", 17.926, 67.193, 67.193)]),
]


def findings(row):
    file, driver, on_line, checks = row
    done = tool("decode", f"--driver={driver}", on_line(CASES / file), check=False)
    events = json_lines(done.stdout)
    if done.returncode != 0 or not events:
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    return [finding for check in checks for finding in check(events)]


here = [row for row in TABLE if (CASES / row[0]).exists()]
if not here:
    print("skipped: no ../shared/cases")
    sys.exit(77)
bad = {row[0]: found for row in here if (found := findings(row))}
unlisted = {str(p.relative_to(CASES)) for kind in ("monitors", "pumps") for p in (CASES / kind).iterdir()
            } - {row[0] for row in TABLE} - {"monitors/SOURCES.md", "pumps/SOURCES.md"}
for file in sorted(unlisted):
    print("not in the table:", file)
for file, found in bad.items():
    print(file, *found[:8], sep="\n    ")
assert not bad, f"{len(bad)} of {len(here)} files decode to something else"
print(f"{len(here)} files decode to what their sources state")
