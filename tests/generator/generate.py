#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labelled infusion sessions, made up: hazards and look-alikes of shared/clinical.md section 6 with
physiology, noise, artefacts and degraded chairs; two of three sessions are of the harsher world of harsh.py.
Each session comes from its own seed; the parts "dev" (for tuning) and "untouched" (for judging, never looked at while
tuning) share no seed.

    generate.py --part=dev --sessions=600 --out=DIR

Amplitudes and time courses are assumptions within the published ranges. Figures reached on such
sessions say nothing about patients.
"""
import argparse
import math
import pathlib
import random

# 9_000_000 was the untouched part until it had been looked at; since then it is for tuning, too.
PARTS = {"dev": 1_000, "dev2": 9_000_000, "untouched": 470_000_000}
LIBRARY = {  # id: bag mL, rate mL/h, cuff s, mg mmol/mL, ketamine mg/kg in the bag, lidocaine mg/kg in the bag
    "myers_bag": (250, 375, 300, 0.01968, 0, 0),
    "myers_bag500": (500, 400, 300, 0.01623, 0, 0),
    "mg_addon": (100, 100, 180, 0.0811, 0, 0),
    "glutathione": (100, 300, 180, 0, 0, 0),
    "vitc_25g": (500, 500, 300, 0, 0, 0),
    "hydration": (1000, 500, 300, 0, 0, 0),
    "ketamine": (100, 150, 300, 0, 0.5, 0),
    "lidocaine": (250, 250, 180, 0, 0, 5),
}


def ramp(t, start, rise, end, fall):
    """0 before start, 1 after start + rise, from end on back to 0 in fall; smooth."""
    if t <= start:
        return 0.0
    up = min(1.0, (t - start) / max(rise, 1.0))
    down = 1.0 if t <= end else max(0.0, 1.0 - (t - end) / max(fall, 1.0))
    return (3 * up * up - 2 * up**3) * (3 * down * down - 2 * down**3)


class Walk:
    """A slow wander around zero."""

    def __init__(self, rng, sd, tau):
        self.rng, self.keep, self.kick, self.x = rng, math.exp(-1 / tau), sd * math.sqrt(1 - math.exp(-2 / tau)), rng.gauss(0, sd)

    def step(self):
        self.x = self.x * self.keep + self.rng.gauss(0, self.kick)
        return self.x


class Session:
    def __init__(self, seed, name):
        self.rng = random.Random(seed)
        self.name = name
        self.effects = []  # (signal, size, start, rise, end, fall)
        self.words = {}  # second: list of events
        self.events, self.allows = [], []
        self.rate_plan = []  # (second, mL/h)
        self.flags = []
        self.pressures = []  # (start, rise, end, mmHg)
        self.no_spikes = False
        self.cuff_factor = {}  # n-th cuff: factor of a wrong reading
        self.breaks, self.darks, self.pump_darks, self.off_spo2 = [], [], [], []
        self.chills_temp = None
        self.pump_alarm = None
        self.klass, self.chair = "uneventful", "full"
        self.duration, self.start = self.rng.randrange(3000, 5400, 60), self.rng.choice([420, 480, 540])

    # ---- the patient

    def make_patient(self, therapy, flags=(), age=None):
        r = self.rng
        self.flags = list(flags)
        self.age = age or r.randint(22, 78)
        for flag, chance in (("hypertension", 0.18), ("beta_blocker", 0.07), ("diabetes", 0.08), ("copd", 0.03)):
            if flag not in self.flags and r.random() < chance:
                self.flags.append(flag)
        self.sex = r.choice("FFM")
        self.height = round(r.gauss(164 if self.sex == "F" else 178, 7))
        self.weight = round(max(45, min(125, r.gauss(68 if self.sex == "F" else 84, 13))))
        self.sbp = r.gauss(120, 11) + (14 if "hypertension" in self.flags else 0) + max(0, self.age - 60) * 0.3
        self.dbp = self.sbp * r.uniform(0.58, 0.66)
        self.hr = r.gauss(73, 8) - (9 if "beta_blocker" in self.flags else 0)
        self.hr = max(50, min(96, self.hr))
        self.rr = max(11, min(18, r.gauss(14, 1.6)))
        self.spo2 = r.uniform(96.4, 98.8) if "copd" not in self.flags else r.uniform(90, 93.5)
        self.temp = r.gauss(36.7, 0.22)
        self.therapy = therapy
        bag, rate, cuff, mg, ket, lido = LIBRARY[therapy]
        self.bag, self.rate, self.cuff, self.mg = bag, rate, cuff, mg
        if therapy == "hydration":
            self.rate = round(min(500, 6.5 * self.weight) / 10) * 10
        self.ket, self.lido = ket * self.weight / bag, min(lido * self.weight, 490) / bag
        if therapy == "lidocaine":
            self.rate = round(bag / r.uniform(1.0, 1.25))
        self.rate_plan = [(self.start, self.rate)]

    def effect(self, signal, size, start, rise, end=10**9, fall=300):
        self.effects.append((signal, size, start, rise, end, fall))

    def value(self, signal, t):
        return sum(size * ramp(t, start, rise, end, fall) for s, size, start, rise, end, fall in self.effects if s == signal)

    def say(self, t, *words):
        self.words.setdefault(int(t), []).extend(words)

    def symptom(self, t, *ids):
        """Entered late in the late chair, never in the other."""
        if self.chair == "no_symptoms":
            return False
        if self.chair == "late_symptoms":
            t += self.rng.uniform(60, 240)
        self.say(t, *["symptom:" + i for i in ids])
        return True

    def event(self, kind, subtype, severity, onset, criteria, allowance, end, ok, best, partial, least, needs=""):
        self.klass = "hazard"
        self.events.append(dict(type=kind, subtype=subtype, severity=severity, onset_s=int(onset), criteria_s=int(criteria),
                                deadline_s=int(criteria + allowance), end_s=int(min(end, self.duration - 1)), labels_ok=ok,
                                label_best=best, labels_partial=partial, min_priority=least, needs=needs))

    def allow(self, start, end, labels, priority):
        self.allows.append(dict(from_s=int(start), to_s=int(end), labels=labels, max_priority=priority))

    # ---- everyday noise

    def everyday(self):
        r, hours = self.rng, self.duration / 3600
        # relaxation after a tense start
        self.effect("sbp", -r.uniform(0, 7), 0, 1500)
        self.effect("hr", -r.uniform(0, 0.06) * self.hr, 0, 1200)
        n_cuffs = int(self.duration / self.cuff) + 2
        for k in range(n_cuffs):
            if r.random() < 0.012 and k - 1 not in self.cuff_factor:
                self.cuff_factor[k] = r.choice([r.uniform(0.68, 0.8), r.uniform(1.2, 1.35)])
        if r.random() < 0.25 * hours:
            t = r.uniform(600, self.duration - 300)
            self.off_spo2.append((t, t + r.uniform(20, 100)))
        if self.age >= 75 or set(self.flags) & {"heart_failure", "renal"}:
            self.allow(self.start, self.duration, "volume_limit,rate_limit", "MEDIUM")
        for a, b in self.off_spo2:
            self.allow(a, b + 60, "sensor_off_spo2,ecg_off", "MEDIUM")
        if r.random() < 0.10 * hours and not self.events:
            t = r.uniform(self.start + 600, self.duration - 700)
            self.breaks.append((t, t + r.uniform(120, 360)))
            self.say(t, "nurse:toilet_break")
            self.allow(t, t + 900, "sensor_off_spo2,ecg_off,rr_off,nibp_overdue,nibp_failed", "MEDIUM")
            self.allow(t, t + 1500, "hypotension", "MEDIUM")
        if r.random() < 0.15 * hours:
            t = r.uniform(300, self.duration - 100)
            self.darks.append((t, t + r.uniform(4, 11)))

    # ---- rows

    def rows(self):
        r = self.rng
        hr_slow, hr_fast, bp_walk = Walk(r, 2.2, 240), Walk(r, 1.6, 12), Walk(r, 3.5, 420)
        rr_walk, sp_walk, press_walk = Walk(r, 1.0, 60), Walk(r, 0.35, 90), Walk(r, 2.0, 60)
        hr_hist, sp_hist, rr_hist = [], [], []
        volume, pump, next_cuff, cuff_start, cuff_n, retry = 0.0, "idle", r.uniform(50, 70), None, 0, False
        talk_until, spike_until, spike = 0, 0, 0
        next_temp = 120
        flow, plan = 0.0, dict((int(a), b) for a, b in self.rate_plan)
        baseline_press = r.uniform(17, 30)
        for t in range(self.duration):
            words = list(self.words.get(t, []))
            # pump
            if t in plan:
                if pump == "idle":
                    words.append("pump:start")
                flow = plan[t]
                pump = "run" if flow > 0 else "pause"
            in_break = any(a <= t < b for a, b in self.breaks)
            shown = "pause" if in_break and pump == "run" else pump
            if self.pump_alarm and self.pump_alarm[0] <= t < self.pump_alarm[1]:
                shown = "alarm"
                if t == self.pump_alarm[0]:
                    words.append("pump:alarm=occlusion")
            now_flow = flow if shown == "run" else 0.0
            volume += now_flow / 3600
            if volume >= self.bag and pump == "run":
                pump, words = "done", words + ["pump:done"]
            press = baseline_press + 0.052 * now_flow + press_walk.step() + r.gauss(0, 2)
            press += sum(size * ramp(t, a, rise, b, 20) for a, rise, b, size in self.pressures) if now_flow > 0 else 0
            # body
            hr = self.hr + hr_slow.step() + hr_fast.step() + self.value("hr", t)
            sbp = self.sbp * (1 + self.value("sbp%", t)) + self.value("sbp", t) + bp_walk.step()
            pp = max(12, (self.sbp - self.dbp) * (1 + self.value("pp%", t)) * (sbp / self.sbp) ** 0.9)
            rr = max(2.5, self.rr + rr_walk.step() + self.value("rr", t))
            spo2 = min(100, self.spo2 + sp_walk.step() + self.value("spo2", t))
            temp = self.temp + self.value("temp", t)
            hr_hist.append(max(22, hr))
            sp_hist.append(spo2)
            rr_hist.append(rr)
            # the monitor
            if r.random() < 1 / 500:
                talk_until = t + r.uniform(15, 70)
            if r.random() < 1 / 2400:
                spike_until, spike = t + r.uniform(2, 7), r.choice([r.uniform(140, 220), r.uniform(25, 40)])
            show_hr = sum(hr_hist[-6:]) / len(hr_hist[-6:]) + r.gauss(0, 0.7)
            late = hr_hist[max(0, len(hr_hist) - 16):max(1, len(hr_hist) - 8)]
            show_pr = sum(late) / len(late) + r.gauss(0, 0.8)
            if t < spike_until:
                show_hr = spike
            slow = sp_hist[max(0, len(sp_hist) - 20):max(1, len(sp_hist) - 12)]
            show_sp = min(100, sum(slow) / len(slow) + r.gauss(0, 0.25))
            show_rr = sum(rr_hist[-20:]) / len(rr_hist[-20:]) + r.gauss(0, 0.8)
            if t < talk_until:
                show_rr = r.uniform(7, 34)
            off = in_break or any(a <= t < b for a, b in self.off_spo2)
            # the cuff
            status, reading = "", None
            if cuff_start is None and t >= next_cuff and not in_break:
                cuff_start, cuff_len = t, r.uniform(26, 42)
                cuff_time = t + cuff_len * 0.7
            if cuff_start is not None:
                status = "inflating"
                if t >= cuff_start + cuff_len:
                    if r.random() < 0.035 or t < talk_until and r.random() < 0.2 or in_break:
                        status = "fail_motion"
                        next_cuff = t + 45
                    else:
                        factor = self.cuff_factor.get(cuff_n, 1.0)
                        s = max(sbp * factor, 74 if factor < 0.85 else 0) + r.gauss(0, 4)
                        if factor != 1.0:
                            self.allow(t, t + 600, "hypotension,hypertension", "MEDIUM")
                        d = (sbp - pp) * factor + r.gauss(0, 3)
                        m = d + 0.36 * (s - d) + r.gauss(0, 2)
                        status, reading = "ok", (round(s), round(min(d, s - 11)), round(max(min(m, s - 3), min(d, s - 11) + 2)))
                        next_cuff = cuff_start + self.cuff
                        if factor < 0.85:
                            next_cuff = t + r.uniform(70, 110)  # the nurse repeats it
                        cuff_n += 1
                    cuff_start = None
            # temperature
            show_temp = ""
            if self.temp_kind == "cont":
                show_temp = "%.1f" % (temp + r.gauss(0, 0.04))
            elif t >= next_temp or "nurse:temp" in words:
                show_temp, next_temp = "%.1f" % (temp + r.gauss(0, 0.08)), t + 1800
            dark = any(a <= t < b for a, b in self.darks)
            pump_dark = any(a <= t < b for a, b in self.pump_darks)
            f = lambda x: "%d" % round(max(0, x))
            monitor = ["" if in_break or self.chair == "no_ecg" else f(show_hr), "" if off or self.chair == "no_spo2" else f(show_pr),
                       "" if off or self.chair == "no_spo2" else f(show_sp),
                       "" if off or self.chair == "no_spo2" else "%.1f" % max(0.4, r.gauss(2.5, 0.3)),
                       "" if in_break else f(show_rr), show_temp, status] + (["%d" % x for x in reading] if reading else ["", "", ""])
            monitor += ["", "", ""]
            pumped = [shown, "%.1f" % now_flow, "%.2f" % volume, f(press)]
            if dark:
                monitor = [""] * 13
            if pump_dark:
                pumped = [""] * 4
            yield [str(t)] + monitor + pumped + [str(int(not dark)), str(int(not pump_dark)), ";".join(words)]

    # ---- files

    def arms(self):
        return "left", "right", "right", False

    def write(self, folder):
        with open(folder / (self.name + ".csv"), "w", encoding="ascii") as out:
            out.write("t_s,hr_bpm,pr_bpm,spo2_pct,pi_pct,rr_bpm,temp_c,nibp_status,nibp_sys,nibp_dia,nibp_map,abp_sys,abp_dia,abp_map,"
                      "pump_state,pump_rate_ml_h,pump_vol_ml,pump_press_mmhg,mon_link,pump_link,event\n")
            for row in self.rows():
                out.write(",".join(row) + "\n")
        cuff_arm, spo2_arm, iv_arm, abp = self.arms()
        with open(folder / (self.name + ".ini"), "w", encoding="ascii") as out:
            out.write(f"[session]\nid = {self.name}\nduration_s = {self.duration}\ncuff_interval_s = {self.cuff}\n"
                      f"infusion_start_s = {self.start}\n\n[patient]\nage = {self.age}\nsex = {self.sex}\nweight_kg = {self.weight}\n"
                      f"height_cm = {self.height}\nflags = {','.join(self.flags)}\n\n[therapy]\nid = {self.therapy}\n"
                      f"name = {self.therapy}\nbag_volume_ml = {self.bag}\nordered_rate_ml_h = {self.rate}\nmg_mmol_per_ml = {self.mg:.5f}\n"
                      f"ketamine_mg_per_ml = {self.ket:.5f}\nlidocaine_mg_per_ml = {self.lido:.5f}\n\n[sensors]\n"
                      f"ecg = {int(self.chair != 'no_ecg')}\nabp = {int(abp)}\ntemp = {self.temp_kind}\ncuff_arm = {cuff_arm}\nspo2_arm = {spo2_arm}\n"
                      f"iv_arm = {iv_arm}\n")
        with open(folder / (self.name + ".truth.ini"), "w", encoding="ascii") as out:
            out.write(f"[truth]\nid = {self.name}\nclass = {self.klass}\nchair = {self.chair}\nevents = {len(self.events)}\n")
            for kind, rows in (("event", self.events), ("allow", self.allows)):
                for i, row in enumerate(rows, 1):
                    out.write(f"\n[{kind}.{i}]\n" + "".join(f"{k} = {v}\n" for k, v in row.items()))


# ---- hazards: each sets a patient and what happens; t is the onset

REACTION = ("infusion_reaction", "infusion_reaction", "hypotension,desaturation")


def anaphylaxis(s, r):
    s.make_patient(r.choice(["myers_bag", "myers_bag500", "glutathione", "vitc_25g", "mg_addon"]))
    sev = r.choice([2, 2, 3, 3, 3])
    kind = r.choice(["classic", "classic", "bronchospasm", "no_skin", "cardiovascular"])
    t = s.start + r.uniform(150, 1100)
    speed = r.uniform(150, 300) / (1.25 if sev == 3 else 1)
    beta = "beta_blocker" in s.flags
    end = t + r.uniform(1000, 1500)
    fall = {2: r.uniform(0.30, 0.36), 3: r.uniform(0.36, 0.48)}[sev] * (0.5 if kind == "bronchospasm" else 1)
    s.effect("hr", (r.uniform(12, 18) if beta else r.uniform(28, 42)), t, speed * 0.8, end, 500)
    s.effect("sbp%", -fall, t + 20, speed * 1.15, end, 500)
    s.effect("spo2", -(r.uniform(4.5, 9) if kind != "cardiovascular" else r.uniform(2, 4)), t + 10, speed, end, 400)
    s.effect("rr", r.uniform(6, 11), t, speed * 0.8, end, 400)
    criteria = t + speed * 0.75
    if kind == "classic":
        criteria = min(criteria, t + speed * 0.6)
        s.symptom(t + r.uniform(30, 120), r.choice(["itching", "hives", "flushing_face"]))
        if r.random() < 0.4:
            s.symptom(t + r.uniform(100, 200), r.choice(["throat_tight", "wheeze", "short_of_breath", "nausea"]))
    elif kind == "bronchospasm":
        s.symptom(t + r.uniform(40, 120), r.choice(["wheeze", "throat_tight", "short_of_breath"]))
    elif r.random() < 0.5:
        s.symptom(t + r.uniform(80, 200), r.choice(["nausea", "impending_doom", "abdominal_cramps", "lightheaded"]))
    slow = kind == "cardiovascular" or beta
    s.event("infusion_reaction", kind, sev, t, criteria, (s.cuff + 60) if slow else max(120, 90 + (0 if kind == "classic" else s.cuff * 0.5)), end + 200,
            REACTION[0], REACTION[1], REACTION[2], "HIGH" if sev == 3 else "MEDIUM")


def skin_reaction(s, r):
    s.make_patient(r.choice(["myers_bag", "glutathione", "vitc_25g"]))
    t = s.start + r.uniform(200, 1500)
    s.chair = "full"
    s.effect("hr", r.uniform(4, 12), t, 200, t + 900, 400)
    s.symptom(t + 60, r.choice(["itching", "hives", "rash"]))
    s.event("infusion_reaction", "skin", 1, t, t + 60, 30, t + 1200, "infusion_reaction", "infusion_reaction", "", "MEDIUM", "symptom")


def febrile(s, r):
    s.make_patient(r.choice(["glutathione", "myers_bag"]))
    t = s.start + r.uniform(300, 900)
    s.duration = 6000
    s.temp_kind = "cont"
    end, top = s.duration, r.uniform(1.6, 2.6)
    t_fever = t + r.uniform(600, 1200)
    rise = r.uniform(900, 1500)
    s.effect("temp", top, t_fever, rise, end, 10)
    s.effect("hr", r.uniform(17, 26), t, 700, end, 10)
    s.effect("rr", r.uniform(3, 5), t + 200, 800, end, 10)
    s.effect("sbp", r.uniform(5, 12), t, 600, end, 10)
    target = max(38.0 - s.temp, 1.0) / top
    criteria = t_fever + rise * min(0.98, 0.5 + (target - 0.5) * 0.75)
    s.symptom(t + r.uniform(120, 400), r.choice(["chills", "rigors"]))
    s.event("febrile_reaction", "", 2, t, criteria, 300, end, "febrile_reaction", "febrile_reaction", "febrile_check,temp_high,tachycardia", "MEDIUM")


def mg_fall(s, r):
    s.make_patient("mg_addon")
    t = s.start + r.uniform(300, 900)
    factor = r.choice([3.2, 5, 6, 7, 10])
    s.rate_plan.append((t, 100 * factor))
    depth = min(0.36, 0.16 + 0.028 * factor) * r.uniform(0.9, 1.1)
    stop = t + r.uniform(380, 520)
    s.rate_plan.append((stop, 60))
    s.effect("sbp%", -depth, t + 40, 200, stop + 60, 300)
    s.effect("hr", r.uniform(2, 10), t + 40, 200, stop + 60, 300)
    if r.random() < 0.7:
        s.symptom(t + r.uniform(90, 220), "heat", *(["lightheaded"] if r.random() < 0.6 else []))
    s.event("mg_hypotension", "", 2, t, t + 10, s.cuff + 170, stop + 500, "mg_hypotension,rate_limit", "mg_hypotension", "hypotension", "MEDIUM")


def mg_fall_quiet(s, r):
    """At a rate below the label limit, so that only the pressure tells."""
    s.make_patient("mg_addon")
    t = s.start + r.uniform(300, 700)
    s.rate_plan.append((t, r.uniform(260, 400)))
    stop = t + 800
    s.rate_plan.append((stop, 60))
    s.effect("sbp%", -r.uniform(0.26, 0.34), t + 60, 240, stop + 60, 300)
    s.effect("hr", r.uniform(0, 8), t + 60, 240, stop + 60, 300)
    if r.random() < 0.7:
        s.symptom(t + r.uniform(120, 260), "heat")
    s.event("mg_hypotension", "slow", 2, t, t + 230, 2 * s.cuff + 60, stop + 400, "mg_hypotension", "mg_hypotension", "hypotension", "MEDIUM")


def hypermag(s, r):
    s.make_patient("mg_addon", ["renal"], r.randint(60, 78))
    s.duration = 5400
    s.rate_plan = [(s.start, r.choice([150, 180, 200]))]
    t = s.start + r.uniform(900, 1300)
    end = s.duration
    s.effect("rr", -(s.rr - r.uniform(8.4, 9.6)), t, 700, end, 10)
    s.effect("hr", -r.uniform(13, 18), t, 700, end, 10)
    s.effect("sbp%", -r.uniform(0.17, 0.24), t, 700, end, 10)
    s.symptom(t + r.uniform(300, 500), r.choice(["weakness", "drowsy"]))
    s.event("hypermagnesaemia", "", 2, t, t + 600, 420, end, "hypermagnesaemia,mg_hypotension", "hypermagnesaemia",
            "hypotension,resp_rate_low,bradycardia,check_patient", "MEDIUM")


def overload(s, r):
    s.make_patient("hydration", [r.choice(["heart_failure", "renal", "heart_failure,renal"])], r.randint(58, 82))
    s.flags = ",".join(s.flags).split(",")
    s.duration = 5400
    s.rate_plan = [(s.start, r.choice([500, 600, 700, 800]))]
    s.rate = s.rate_plan[0][1]
    flash = r.random() < 0.25
    t = s.start + r.uniform(900, 1700)
    rise = 420 if flash else r.uniform(1000, 1700)
    end = s.duration
    s.effect("sbp%", r.uniform(0.22, 0.38), t, rise, end, 10)
    s.effect("pp%", r.uniform(0.15, 0.35), t, rise, end, 10)
    s.effect("spo2", -r.uniform(4.5, 8), t + 0.1 * rise, rise, end, 10)
    s.effect("rr", r.uniform(8, 13), t, rise, end, 10)
    if "beta_blocker" not in s.flags:
        s.effect("hr", r.uniform(5, 18), t, rise, end, 10)
    if r.random() < 0.6:
        s.symptom(t + rise * r.uniform(0.5, 0.8), "short_of_breath", *(["cough"] if r.random() < 0.4 else []))
    s.event("fluid_overload", "flash" if flash else "", 2, t, t + rise * 0.62, s.cuff + 100, end, "fluid_overload", "fluid_overload",
            "desaturation,resp_rate_high,volume_limit,hypertension", "MEDIUM")
    s.allow(0, t, "volume_limit,rate_limit", "MEDIUM")


def ketamine_pressure(s, r):
    s.make_patient("ketamine", ["hypertension"], r.randint(50, 74))
    s.sbp = max(138, min(150, s.sbp + 10))
    s.dbp = s.sbp * 0.6
    t = s.start + r.uniform(500, 1200)
    s.effect("sbp", 192 + r.uniform(0, 12) - s.sbp, t, 600, t + 2000, 500)
    s.effect("hr", r.uniform(5, 14), t, 500, t + 2000, 500)
    s.event("ketamine_hypertension", "", 2, t, t + 520, 2 * s.cuff + 120, t + 2500, "ketamine_hypertension", "ketamine_hypertension", "hypertension", "MEDIUM")


def ketamine_breath(s, r):
    s.make_patient("ketamine")
    s.duration = 4800
    t = s.start + r.uniform(600, 1500)
    rise = r.uniform(150, 400)
    deep = r.random() < 0.6
    s.effect("rr", -(s.rr - r.uniform(4.5, 6.2)), t, rise, t + 1500, 300)
    if deep:
        s.effect("spo2", -r.uniform(5, 10), t + rise * 0.6, 200, t + 1500, 300)
    if r.random() < 0.4:
        s.symptom(t + rise + 60, "unresponsive_to_voice")
    s.event("ketamine_sedation", "deep" if deep else "slow", 3 if deep else 2, t, t + rise * 0.8, 150, t + 1800, "ketamine_sedation", "ketamine_sedation",
            "resp_rate_low,desaturation", "MEDIUM")


def ketamine_rate(s, r):
    s.make_patient("ketamine")
    t = s.start + r.uniform(300, 1200)
    s.rate_plan.append((t, 1500 if r.random() < 0.4 else 700))
    s.rate_plan.append((t + 60, 150))
    s.event("rate_error", "ketamine", 2, t, t, 30, t + 120, "rate_limit", "rate_limit", "", "MEDIUM")


def lidocaine_cns(s, r):
    s.make_patient("lidocaine")
    t = s.start + r.uniform(700, 2200)
    s.chair = "full" if s.chair == "no_symptoms" else s.chair
    s.effect("hr", r.uniform(2, 10), t, 200, t + 900, 300)
    s.symptom(t + 60, r.choice(["perioral_numbness", "tinnitus", "metallic_taste", "slurred_speech"]))
    late = 300 if s.chair == "late_symptoms" else 0
    s.event("lidocaine_toxicity", "nerves", 2, t, t + 60, 30 + late, t + 1500, "lidocaine_toxicity", "lidocaine_toxicity", "", "HIGH", "symptom")


def lidocaine_heart(s, r):
    s.make_patient("lidocaine")
    s.hr = max(s.hr, 66)
    t = s.start + r.uniform(900, 2200)
    s.effect("hr", -(s.hr - r.uniform(39, 44)), t, 150, t + 1200, 400)
    s.effect("sbp%", -r.uniform(0.28, 0.4), t + 20, 180, t + 1200, 400)
    s.event("lidocaine_toxicity", "heart", 3, t, t + 130, s.cuff + 60, t + 1500, "lidocaine_toxicity", "lidocaine_toxicity", "bradycardia,hypotension", "MEDIUM")


def vasovagal(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "hydration", "glutathione"]))
    s.hr = max(s.hr, 64)
    if "beta_blocker" in s.flags:
        s.flags.remove("beta_blocker")
    early = r.random() < 0.3
    t = s.start - 60 if early else s.start + r.uniform(300, 2000)
    s.effect("hr", -r.uniform(0.34, 0.46) * s.hr, t, r.uniform(20, 40), t + r.uniform(70, 150), 120)
    s.effect("sbp%", -r.uniform(0.32, 0.44), t, r.uniform(25, 45), t + r.uniform(90, 160), 150)
    if r.random() < 0.75:
        s.symptom(t + r.uniform(20, 60), r.choice(["pallor", "nausea", "sweating", "lightheaded"]))
    s.say(t + 90, "nurse:legs_raised")
    if early:
        s.say(t - 5, "nurse:cannulation")
    s.event("vasovagal", "early" if early else "", 2, t, t + 30, 90, t + 500, "vasovagal", "vasovagal", "bradycardia,hypotension", "MEDIUM")


def infiltration(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "hydration"]))
    t = s.start + r.uniform(600, 1500)
    rise = r.uniform(500, 900)
    s.pressures.append((t, rise, s.duration, r.uniform(75, 120)))
    s.symptom(t + rise * 0.8, r.choice(["site_burning", "site_tight", "site_swelling"]))
    s.event("infiltration", "", 2, t, t + rise * 0.75, 240, s.duration, "infiltration", "infiltration", "occlusion", "LOW")


def occlusion(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "ketamine"]))
    t = int(s.start + r.uniform(400, 1800))
    s.pressures.append((t - 60, 60, t + 90, 350))
    s.pump_alarm = (t, t + 90)
    s.event("occlusion", "", 1, t - 60, t, 15, t + 200, "occlusion", "occlusion", "", "MEDIUM")


def rate_error(s, r):
    s.make_patient("mg_addon")
    t = s.start + r.uniform(300, 1200)
    s.rate_plan.append((t, 1000))
    s.rate_plan.append((t + 70, 100))
    s.event("rate_error", "magnesium", 2, t, t, 30, t + 200, "rate_limit", "rate_limit", "mg_rate", "MEDIUM")


def link_lost(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    t = s.start + r.uniform(300, 1800)
    s.darks.append((t, t + r.uniform(60, 200)))
    s.event("link_lost", "", 1, t, t + 10, 25, s.darks[-1][1] + 30, "link_monitor", "link_monitor", "", "LOW")
    s.klass = "technical"


# ---- look-alikes: nothing dangerous


def quiet(s, r):
    s.make_patient(r.choice(list(LIBRARY)))
    if s.therapy == "ketamine":
        ketamine_expected(s, r)


def ketamine_expected(s, r):
    s.make_patient("ketamine")
    s.klass = "lookalike"
    s.sbp = min(s.sbp, 138)
    s.dbp = s.sbp * 0.62
    s.effect("sbp%", r.uniform(0.08, 0.22), s.start + 300, 1200, s.start + 2400, 900)
    s.effect("hr", r.uniform(3, 14), s.start + 300, 1200, s.start + 2400, 900)
    s.effect("rr", -r.uniform(0, 2), s.start + 300, 1200, s.start + 2400, 900)
    s.symptom(s.start + 900, "floating")


def anxiety(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "glutathione"]))
    s.klass = "lookalike"
    t = s.start + r.uniform(100, 1500)
    end = t + r.uniform(240, 900)
    s.effect("hr", r.uniform(20, 38), t, 80, end, 300)
    s.effect("sbp", r.uniform(8, 22), t, 80, end, 300)
    s.effect("rr", r.uniform(7, 14), t, 80, end, 300)
    s.effect("spo2", 0.6, t, 80, end, 300)
    s.symptom(t + 90, "anxious", "tingling")
    s.allow(t, end + 300, "tachycardia,resp_rate_high", "MEDIUM")


def postural(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    s.klass = "lookalike"
    t = s.start + r.uniform(500, 2000)
    s.effect("sbp", -r.uniform(16, 26), t, 20, t + 120, 60)
    s.effect("hr", r.uniform(14, 24), t, 20, t + 120, 60)
    s.say(t - 20, "nurse:toilet_break")
    s.allow(t - 30, t + 1400, "hypotension", "MEDIUM")


def sleep(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration", "myers_bag500"]))
    s.klass = "lookalike"
    t = s.start + r.uniform(500, 1200)
    s.hr = max(s.hr, 61)
    s.effect("hr", -min(r.uniform(8, 15), 0.18 * s.hr), t, 900, s.duration, 10)
    s.effect("sbp%", -r.uniform(0.06, 0.14), t, 900, s.duration, 10)
    s.effect("rr", -(s.rr - r.uniform(9.6, 11.8)), t, 900, s.duration, 10)
    s.effect("spo2", -r.uniform(0.8, 2), t, 900, s.duration, 10)
    for _ in range(r.randint(0, 3)):
        a = r.uniform(t + 900, max(t + 901, s.duration - 100))
        s.effect("spo2", -r.uniform(2, 4), a, 15, a + 20, 15)


def white_coat(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g"]))
    s.klass = "lookalike"
    s.effect("sbp", r.uniform(20, 36), -5000, 1, s.start * 0.6, 1200)
    s.effect("hr", r.uniform(8, 18), -5000, 1, s.start * 0.6, 900)


def warmth(s, r):
    s.make_patient(r.choice(["myers_bag", "mg_addon"]))
    s.klass = "lookalike"
    t = s.start + r.uniform(200, 900)
    s.effect("sbp%", -r.uniform(0.02, 0.08), t, 300, t + 1200, 400)
    s.effect("hr", r.uniform(2, 9), t, 300, t + 1200, 400)
    s.symptom(t + 100, "heat")


def cold_room(s, r):
    s.make_patient(r.choice(["glutathione", "myers_bag", "hydration"]))
    s.klass = "lookalike"
    t = s.start + r.uniform(400, 1200)
    s.effect("temp", -r.uniform(0.1, 0.4), t, 1200)
    s.effect("hr", r.uniform(0, 7), t, 600)
    s.symptom(t + 300, r.choice(["cold", "chills", "cold_arm"]))


def warm_blanket(s, r):
    s.make_patient("hydration")
    s.klass = "lookalike"
    s.temp_kind = "cont"
    s.temp = r.uniform(36.6, 37.3)
    s.effect("temp", r.uniform(0.5, 0.75), s.start + 300, 1500)


def sugar(s, r):
    s.make_patient("vitc_25g", ["diabetes"])
    s.klass = "lookalike"
    t = s.start + r.uniform(900, 2000)
    s.effect("hr", r.uniform(10, 20), t, 300, t + 900, 300)
    s.symptom(t + 200, "sweating", "shaky")


def athlete(s, r):
    s.make_patient("myers_bag", age=r.randint(22, 40))
    s.klass = "lookalike"
    s.hr, s.sbp = r.uniform(47, 54), r.uniform(106, 118)
    s.dbp = s.sbp * 0.6


def small_pressure(s, r):
    s.make_patient("myers_bag")
    s.klass = "lookalike"
    s.sbp = r.uniform(96, 104)
    s.dbp = s.sbp * 0.62


def bent_arm(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g"]))
    s.klass = "lookalike"
    for _ in range(r.randint(1, 6)):
        a = r.uniform(s.start + 200, s.duration - 200)
        s.pressures.append((a, 4, a + r.uniform(8, 22), r.uniform(70, 160)))


def bad_cuffs(s, r):
    s.make_patient("myers_bag")
    s.klass = "lookalike"
    for _ in range(r.randint(2, 4)):
        s.cuff_factor[r.choice([2, 4, 6, 8, 10])] = r.choice([r.uniform(0.66, 0.78), r.uniform(1.25, 1.4)])


def loose_oximeter(s, r):
    s.make_patient("hydration")
    s.klass = "lookalike"
    for _ in range(r.randint(2, 5)):
        a = r.uniform(s.start, s.duration - 200)
        s.off_spo2.append((a, a + r.uniform(10, 90)))
        s.effect("spo2", -r.uniform(2, 6), a - 8, 5, a + 4, 4)


HAZARDS = [(anaphylaxis, 6), (skin_reaction, 1), (febrile, 2), (mg_fall, 2), (mg_fall_quiet, 2), (hypermag, 1), (overload, 4), (ketamine_pressure, 1),
           (ketamine_breath, 2), (ketamine_rate, 1), (lidocaine_cns, 1), (lidocaine_heart, 1), (vasovagal, 3), (infiltration, 2), (occlusion, 1),
           (rate_error, 1), (link_lost, 1)]
CALM = [(quiet, 6), (ketamine_expected, 2), (anxiety, 3), (postural, 1), (sleep, 2), (white_coat, 2), (warmth, 2), (cold_room, 2), (warm_blanket, 1),
        (sugar, 1), (athlete, 1), (small_pressure, 1), (bent_arm, 1), (bad_cuffs, 2), (loose_oximeter, 1)]
CHAIRS = [("full", 8), ("late_symptoms", 4), ("no_symptoms", 5), ("no_ecg", 2), ("no_spo2", 2), ("slow_cuff", 2)]


def pick(r, table):
    return r.choices([row[0] for row in table], [row[1] for row in table])[0]


def make(seed, name):
    s = Session(seed, name)
    r = s.rng
    story = pick(r, HAZARDS if r.random() < 0.5 else CALM)
    s.chair = pick(r, CHAIRS)
    s.temp_kind = r.choice(["spot", "spot", "cont"])
    story(s, r)
    s.name = "%s_%s" % (name, story.__name__)
    if s.chair == "slow_cuff":
        longer = 600 - s.cuff
        s.cuff = 600
        for e in s.events:
            if e["type"] in ("infusion_reaction", "mg_hypotension", "hypermagnesaemia", "fluid_overload", "lidocaine_toxicity"):
                e["deadline_s"] += longer
            if e["type"] == "ketamine_hypertension":
                e["deadline_s"] += 2 * longer
    s.everyday()
    return s


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--part", choices=PARTS, required=True)
    parser.add_argument("--sessions", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    import harsh  # it builds on this file

    for i in range(args.first, args.first + args.sessions):
        (make if i % 3 == 0 else harsh.make)(PARTS[args.part] + i, "%s_%05d" % (args.part[0], i)).write(args.out)


if __name__ == "__main__":
    main()
