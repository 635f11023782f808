#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second, harsher world for the labelled sessions of generate.py: other shapes of onset, other averaging and delays of
the monitor, noise, drift, cuff cadence from 2.5 to 15 min, cuffs on the infusion or oximeter arm, motion, arterial lines
with flushes, rate changes, flushes and pauses, monitors switched off in a break, holes in the data, hypertensive,
athletic, beta-blocked and anxious patients, and more stories. It shares the stories of generate.py, not its signals."""
import math
import random

import generate as g
from generate import Session, Walk, pick

# ---- shapes of an onset: share of the effect at share x of its rise; each with the x at which 0.84 of it is there


def stutter(x):
    return 0.55 * min(1, x / 0.35) if x < 0.6 else 0.55 + 0.45 * (x - 0.6) / 0.4


def overshoot(x):
    return min(1.0, 1.25 * x) + 0.12 * math.sin(math.pi * x)


SHAPES = {
    "smooth": (lambda x: 3 * x * x - 2 * x**3, 0.75),
    "linear": (lambda x: x, 0.84),
    "exponential": (lambda x: (1 - math.exp(-3 * x)) / (1 - math.exp(-3)), 0.53),
    "late": (lambda x: x * x, 0.92),
    "stutter": (stutter, 0.86),
    "overshoot": (overshoot, 0.62),
}
CHAIRS = [("full", 6), ("late_symptoms", 4), ("no_symptoms", 5), ("no_ecg", 2), ("no_spo2", 2), ("no_rr", 2), ("slow_cuff", 3)]
PATIENTS = [("plain", 8), ("hypertensive", 2), ("athlete", 1), ("anxious", 3), ("beta", 2), ("irregular", 1), ("cold_hands", 1)]
CUFF_EVENTS = {"infusion_reaction": 1, "mg_hypotension": 1, "hypermagnesaemia": 1, "fluid_overload": 1, "lidocaine_toxicity": 1,
               "ketamine_hypertension": 2, "hypertension": 2, "nibp_failed": 3}


class Harsh(Session):
    def __init__(self, seed, name):
        super().__init__(seed, name)
        r = self.own = random.Random(seed * 7919 + 13)
        self.shape = r.choice(list(SHAPES))
        self.person = pick(r, PATIENTS)
        self.noise = r.uniform(0.7, 1.4)
        self.hr_average, self.hr_lag = r.randint(3, 14), r.randint(0, 4)
        self.sp_average, self.sp_lag = r.randint(4, 16), r.randint(8, 20)
        self.pr_lag = r.randint(5, 14)
        self.rr_average = r.randint(12, 32)
        self.cuff_noise = r.uniform(2.0, 5.0)
        self.whole_rr = r.random() < 0.7
        arms = ["left", "right"]
        self.iv_arm = r.choice(arms)
        other = arms[self.iv_arm == "left"]
        self.cuff_arm = self.iv_arm if r.random() < 0.15 else other
        self.spo2_arm = self.cuff_arm if r.random() < 0.2 else r.choice(arms)
        self.has_abp = r.random() < 0.06
        self.freezes, self.cuff_fails, self.monitor_off, self.hr_half = [], [], [], []
        self.paced = r.random() < 0.02

    def make_patient(self, therapy, flags=(), age=None):
        super().make_patient(therapy, flags, age)
        r = self.own
        if self.person == "hypertensive":
            self.sbp += r.uniform(14, 30)
            self.dbp = self.sbp * r.uniform(0.52, 0.64)
            if "hypertension" not in self.flags and r.random() < 0.8:
                self.flags.append("hypertension")
        if self.person == "athlete":
            self.hr = min(self.hr, r.uniform(46, 54))
        if self.person == "beta" and "beta_blocker" not in self.flags:
            self.flags.append("beta_blocker")
            self.hr = max(50, self.hr - 10)

    def value(self, signal, t):
        shape, total = SHAPES[self.shape][0], 0.0
        for s, size, start, rise, end, fall in self.effects:
            if s != signal or t <= start:
                continue
            up = shape(min(1.0, (t - start) / max(rise, 1.0)))
            total += size * up * (1.0 if t <= end else max(0.0, 1.0 - (t - end) / max(fall, 1.0)))
        return total

    def settle(self):
        """The truth follows the shape: the criteria are met later where most of the change comes late."""
        share = SHAPES[self.shape][1] / 0.75 - 1
        for e in self.events:
            later = int(max(0, share) * (e["criteria_s"] - e["onset_s"])) if not e["needs"] and e["type"] not in TOLD else 0
            e["criteria_s"] += later
            e["deadline_s"] += later
            e["end_s"] = max(e["end_s"], min(e["deadline_s"] + 60, self.duration - 1))

    def cadence(self):
        """The clinic's cuff interval is not the therapy's."""
        if self.chair == "slow_cuff":
            want = self.own.choice([600, 600, 900])
        else:
            want = self.own.choice([150, 300, 300]) if self.own.random() < 0.3 else self.cuff
        longer, self.cuff = want - self.cuff, want
        for e in self.events:
            e["deadline_s"] += max(0, CUFF_EVENTS.get(e["type"], 0) * longer)
            e["end_s"] = max(e["end_s"], min(e["deadline_s"] + 60, self.duration - 1))

    def everyday(self):
        r, hours = self.own, self.duration / 3600
        super().everyday()
        self.effect("sbp", r.uniform(-6, 6), 0, self.duration)  # drift
        self.effect("hr", r.uniform(-0.05, 0.05) * self.hr, 0, self.duration)
        if self.person == "anxious":
            size = r.uniform(0.5, 1.0)
            for signal, most in (("hr", 22), ("sbp", 20), ("rr", 4)):
                self.effects.append((signal, size * most, -9000, 1, r.uniform(120, 300), r.uniform(400, 900)))
        busy = {e["onset_s"] // 600 for e in self.events} | {e["onset_s"] // 600 + 1 for e in self.events}
        quiet = lambda t: int(t) // 600 not in busy
        drug = self.mg or self.ket or self.lido
        if r.random() < 0.25 and len(self.rate_plan) == 1:  # the nurse changes the rate
            t, factor = self.start + r.uniform(300, 2400), r.uniform(0.5, 1.3)
            self.rate_plan.append((int(t), round(self.rate_plan[0][1] * factor)))
        if r.random() < 0.12 and not drug and len(self.rate_plan) == 1:  # a flush by the pump
            t = int(self.start + r.uniform(300, 2400))
            self.rate_plan += [(t, 999), (t + r.randint(15, 35), self.rate_plan[0][1])]
            self.allow(t, t + 300, "rate_limit", "MEDIUM")
        if r.random() < 0.15 and len(self.rate_plan) == 1:
            t = int(self.start + r.uniform(300, 2400))
            self.rate_plan += [(t, 0), (t + r.randint(40, 240), self.rate_plan[0][1])]
        if r.random() < 0.08 * hours and not self.breaks:  # the monitor is switched off in a break
            t = r.uniform(self.start + 600, self.duration - 700)
            if quiet(t):
                self.say(t - 3, "nurse:toilet_break")
                self.darks.append((t, t + r.uniform(100, 400)))
                self.allow(t, t + 600, "link_monitor,sensor_off_spo2,ecg_off,rr_off,nibp_overdue", "MEDIUM")
                self.allow(t, t + 1500, "hypotension", "MEDIUM")
        if r.random() < 0.06 * hours:  # a hole in everything
            t = r.uniform(200, self.duration - 200)
            if quiet(t):
                end = t + r.uniform(20, 90)
                self.darks.append((t, end))
                self.pump_darks.append((t, end))
                self.allow(t, end + 60, "link_monitor,link_pump", "MEDIUM")
        if r.random() < 0.08 * hours:
            t = r.uniform(200, self.duration - 200)
            self.hr_half.append((t, t + r.uniform(20, 120)))  # every second beat too weak for the oximeter
            if self.chair == "no_ecg":  # it cannot be told from a rate of half as much
                self.allow(t, t + 200, "bradycardia,vasovagal", "HIGH")

    # ---- what the chair sees: another monitor, another pump

    def late(self, history, lag, average):
        part = history[max(0, len(history) - lag - average):max(1, len(history) - lag)]
        return sum(part) / len(part)

    def rows(self):
        r, noise = self.rng, self.noise
        walk = {"hr": Walk(r, 2.4 * noise, 200), "hr_fast": Walk(r, 1.5 * noise, 15), "sbp": Walk(r, 3.2 * noise, 500), "rr": Walk(r, 0.9 * noise, 70),
                "spo2": Walk(r, 0.35 * noise, 120), "press": Walk(r, 2.5 * noise, 90)}
        wave = r.uniform(0, 6), r.uniform(900, 2600), r.uniform(0, 3) * noise
        hist = {"hr": [], "rr": [], "spo2": []}
        volume, pump, flow, plan = 0.0, "idle", 0.0, dict((int(a), b) for a, b in self.rate_plan)
        base_press, slope = r.uniform(12, 40), r.uniform(0.03, 0.07)
        next_cuff, cuff_start, cuff_len, cuff_n, next_temp = r.uniform(40, 90), None, 0, 0, r.uniform(60, 200)
        motion_until, motion_lies, frozen = 0, False, None
        weak_pi = 0.35 if self.person == "cold_hands" else 0.0
        abp_bad = []
        if self.has_abp:
            for _ in range(r.randint(1, 4)):
                a = r.uniform(100, self.duration - 100)
                abp_bad.append((a, a + r.uniform(4, 12), r.choice(["flush", "zero", "damped"])))
        for t in range(self.duration):
            words = list(self.words.get(t, []))
            if t in plan:
                if pump == "idle" and plan[t] > 0:
                    words.append("pump:start")
                if pump != "done":
                    flow, pump = plan[t], "run" if plan[t] > 0 else "pause"
            in_break = any(a <= t < b for a, b in self.breaks)
            shown = "pause" if in_break and pump == "run" else pump
            if self.pump_alarm and self.pump_alarm[0] <= t < self.pump_alarm[1] and pump == "run":
                shown = "alarm"
                if t == int(self.pump_alarm[0]):
                    words.append("pump:alarm=occlusion")
            now_flow = flow if shown == "run" else 0.0
            volume += now_flow / 3600
            if volume >= self.bag and pump == "run":
                pump, words = "done", words + ["pump:done"]
            press = base_press + slope * now_flow + walk["press"].step() + r.gauss(0, 2)
            press += sum(size * g.ramp(t, a, rise, b, 20) for a, rise, b, size in self.pressures) if now_flow > 0 else 0
            if cuff_start is not None and self.cuff_arm == self.iv_arm and now_flow > 0:
                press += r.uniform(60, 120)
            slow = wave[2] * math.sin(wave[0] + 2 * math.pi * t / wave[1])
            hr = self.hr + (walk["hr"].step() + walk["hr_fast"].step() + slow) * min(1, (self.hr / 75) ** 2) + self.value("hr", t)
            if self.person == "irregular":
                hr += r.gauss(0, 7)
            if self.paced:
                hr = 70
            sbp = self.sbp * (1 + self.value("sbp%", t)) + self.value("sbp", t) + walk["sbp"].step() + slow
            pp = max(12, (self.sbp - self.dbp) * (1 + self.value("pp%", t)) * (sbp / self.sbp) ** 0.8)
            rr = max(2.5, self.rr + walk["rr"].step() + self.value("rr", t))
            spo2 = min(100, self.spo2 + walk["spo2"].step() + self.value("spo2", t))
            hist["hr"].append(max(22, hr))
            hist["rr"].append(rr)
            hist["spo2"].append(spo2)
            if r.random() < 1 / 1100:
                motion_until, motion_lies = t + r.uniform(8, 55), r.random() < 0.4
            moving = t < motion_until
            hr_seen = self.late(hist["hr"], self.hr_lag, self.hr_average) + r.gauss(0, 0.6)
            if moving and r.random() < 0.12:
                hr_seen *= r.choice([0.5, 1.6, 2.0])
            pr_seen = self.late(hist["hr"], self.pr_lag, 8) + r.gauss(0, 0.8)
            if any(a <= t < b for a, b in self.hr_half):
                pr_seen /= 2
            sp_seen = min(100, self.late(hist["spo2"], self.sp_lag, self.sp_average) + r.gauss(0, 0.2))
            pi = max(0.1, (0.5 if weak_pi else 2.4) + r.gauss(0, 0.2))
            frozen_now = any(a <= t < b for a, b in self.freezes)
            off = in_break or any(a <= t < b for a, b in self.off_spo2)
            if moving and motion_lies:
                sp_seen -= r.uniform(1, 9)
                pi *= 0.4
            elif moving and r.random() < 0.5 and not frozen_now:
                off = True
            if cuff_start is not None and self.cuff_arm == self.spo2_arm:
                pi, sp_seen, pr_seen = 0.1, sp_seen - r.uniform(0, 9), pr_seen * r.choice([0.5, 0.8, 1])
                off = off or t - cuff_start > 12 and not frozen_now
            rr_seen = self.late(hist["rr"], 0, self.rr_average) + r.gauss(0, 0.8)
            if moving or r.random() < 1 / 900:
                rr_seen = r.uniform(6, 36)
            # the cuff
            status, reading = "", None
            if cuff_start is None and t >= next_cuff and not in_break:
                cuff_start, cuff_len = t, r.uniform(22, 48)
            if cuff_start is not None:
                status = "inflating"
                if t >= cuff_start + cuff_len:
                    if any(a <= t < b for a, b in self.cuff_fails) or r.random() < 0.025 or moving and r.random() < 0.5 or in_break:
                        status = r.choice(["fail_motion", "fail_weak"])
                        next_cuff = t + 50
                    else:
                        factor = self.cuff_factor.get(cuff_n, 1.0)
                        s = max(sbp * factor, 72 if factor < 0.85 else 0) + r.gauss(0, self.cuff_noise)
                        d = (sbp - pp) * factor + r.gauss(0, self.cuff_noise * 0.7)
                        if moving and r.random() < 0.3:
                            d -= r.uniform(10, 25)
                        if factor != 1.0 or moving:
                            self.allow(t, t + 600, "hypotension,hypertension", "MEDIUM")
                        m = d + r.uniform(0.33, 0.40) * (s - d) + r.gauss(0, 1.5)
                        d = max(24, min(d, s - 12))
                        reading = (round(s), round(d), round(max(min(m, s - 3), d + 2)))
                        status, next_cuff = "ok", cuff_start + self.cuff
                        if factor < 0.85:
                            next_cuff = t + r.uniform(60, 150)
                        cuff_n += 1
                    cuff_start = None
            temp = self.temp + self.value("temp", t)
            show_temp = ""
            if self.temp_kind == "cont":
                show_temp = "%.1f" % (temp + r.gauss(0, 0.05))
            elif t >= next_temp or "nurse:temp" in words:
                show_temp, next_temp = "%.1f" % (temp + r.gauss(0, 0.1)), t + r.choice([900, 1800, 2700])
            whole = lambda x: "%d" % round(max(0, x))
            no_finger = off or self.chair == "no_spo2"
            seen = ["" if in_break or self.chair == "no_ecg" else whole(hr_seen), "" if no_finger else whole(pr_seen),
                    "" if no_finger else whole(sp_seen), "" if no_finger else "%.1f" % pi,
                    "" if in_break or self.chair == "no_rr" else (whole(rr_seen) if self.whole_rr else "%.1f" % max(3, rr_seen))]
            if frozen_now:
                frozen = frozen or seen
                seen = frozen
            else:
                frozen = None
            monitor = seen + [show_temp, status] + (["%d" % x for x in reading] if reading else [""] * 3)
            line = [""] * 3
            if self.has_abp:
                bad = next((kind for a, b, kind in abp_bad if a <= t < b), "")
                s, d = sbp + r.gauss(0, 2), sbp - pp + r.gauss(0, 1.5)
                line = {"": [whole(s), whole(d), whole(d + 0.35 * (s - d))], "flush": ["300", "297", "298"], "zero": ["1", "0", "0"],
                        "damped": [whole(d + 5), whole(d), whole(d + 2)]}[bad]
            monitor += line
            pumped = [shown, "%.1f" % now_flow, "%.2f" % volume, whole(press)]
            dark, pump_dark = (any(a <= t < b for a, b in spans) for spans in (self.darks, self.pump_darks))
            yield ([str(t)] + ([""] * 13 if dark else monitor) + ([""] * 4 if pump_dark else pumped) +
                   [str(int(not dark)), str(int(not pump_dark)), ";".join(words)])

    def arms(self):
        return self.cuff_arm, self.spo2_arm, self.iv_arm, self.has_abp


# ---- more stories

TOLD = {"rate_error", "link_lost", "occlusion", "frozen_data", "nibp_failed", "sensor_off", "link_pump", "check_patient", "ketamine_agitation",
        "glucose_check", "tachycardia"}


def reaction_late(s, r):
    """After the bag is empty."""
    s.make_patient("mg_addon" if r.random() < 0.4 else "glutathione")
    s.bag = min(s.bag, 60)
    s.rate_plan = [(s.start, 120 if s.therapy == "mg_addon" else 200)]
    t = s.start + s.bag / s.rate_plan[0][1] * 3600 + r.uniform(120, 700)
    s.duration = int(t + 2400)
    reaction_at(s, r, t, 3)


def reaction_at(s, r, t, severity, again=False):
    speed = r.uniform(140, 320)
    beta = "beta_blocker" in s.flags
    end = t + r.uniform(700, 1200)
    s.effect("hr", r.uniform(10, 17) if beta else r.uniform(26, 44), t, speed * 0.8, end, 500)
    s.effect("sbp%", -r.uniform(0.33, 0.46), t + 20, speed * 1.1, end, 500)
    s.effect("spo2", -r.uniform(4.5, 9), t + 10, speed, end, 400)
    s.effect("rr", r.uniform(6, 12), t, speed * 0.8, end, 400)
    s.symptom(t + r.uniform(40, 150), r.choice(["itching", "hives", "throat_tight", "short_of_breath", "nausea"]))
    s.event("infusion_reaction", "again" if again else "late", severity, t, t + speed * 0.75, s.cuff * 0.5 + 90 if not beta else s.cuff + 60, end + 300,
            "infusion_reaction", "infusion_reaction", "hypotension,desaturation", "HIGH")


def reaction_twice(s, r):
    s.make_patient(r.choice(["myers_bag500", "vitc_25g", "glutathione"]))
    s.duration = 6600
    t = s.start + r.uniform(200, 700)
    reaction_at(s, r, t, 3)
    s.rate_plan.append((int(t + 300), 0))
    t += r.uniform(2300, 2900)
    reaction_at(s, r, t, 3, True)
    s.events.pop()  # biphasic: what it is was told already; here only nothing else may be said
    s.allow(t - 30, s.duration, "infusion_reaction,hypotension,desaturation,tachycardia,resp_rate_high", "HIGH")


def reaction_no_pressure(s, r):
    """Bronchospasm with a kept pressure."""
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "glutathione"]), ["asthma"])
    t, speed = s.start + r.uniform(150, 1500), r.uniform(150, 350)
    end = t + r.uniform(900, 1400)
    s.effect("hr", r.uniform(20, 34), t, speed, end, 400)
    s.effect("spo2", -r.uniform(5.5, 10), t + 15, speed, end, 400)
    s.effect("rr", r.uniform(8, 14), t, speed, end, 400)
    s.effect("sbp", r.uniform(-6, 6), t, speed, end, 400)
    s.symptom(t + r.uniform(40, 140), r.choice(["wheeze", "short_of_breath", "throat_tight"]))
    s.event("infusion_reaction", "bronchospasm", 3, t, t + speed * 0.8, 190, end + 200, "infusion_reaction", "infusion_reaction", "desaturation,resp_rate_high",
            "MEDIUM")


def overload_unflagged(s, r):
    s.make_patient("hydration", age=r.randint(50, 74))
    s.duration = 6300
    s.rate_plan = [(s.start, r.choice([800, 900, 999]))]
    s.rate = s.rate_plan[0][1]
    t, rise = s.start + r.uniform(1900, 2600), r.uniform(900, 1500)
    end = s.duration
    s.effect("sbp%", r.uniform(0.24, 0.36), t, rise, end, 10)
    s.effect("pp%", r.uniform(0.15, 0.35), t, rise, end, 10)
    s.effect("spo2", -r.uniform(5, 8), t + 0.1 * rise, rise, end, 10)
    s.effect("rr", r.uniform(9, 13), t, rise, end, 10)
    s.effect("hr", r.uniform(3, 15), t, rise, end, 10)
    s.symptom(t + rise * r.uniform(0.5, 0.9), r.choice(["short_of_breath", "cough"]))
    s.event("fluid_overload", "unflagged", 2, t, t + rise * 0.66, s.cuff + 120, end, "fluid_overload", "fluid_overload",
            "desaturation,resp_rate_high,volume_limit,hypertension", "MEDIUM")
    s.allow(0, s.duration, "volume_limit,rate_limit", "MEDIUM")


def site_quiet(s, r):
    """Nobody says a word; the line pressure creeps up."""
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "hydration"]))
    t, rise = s.start + r.uniform(700, 1400), r.uniform(500, 1000)
    s.pressures.append((t, rise, s.duration, r.uniform(80, 130)))
    s.event("infiltration", "quiet", 2, t, t + rise * 0.7, 260, s.duration, "infiltration", "infiltration", "occlusion", "LOW")


def frozen(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    s.chair = "full"
    t = s.start + r.uniform(300, 2000)
    s.freezes.append((t, t + r.uniform(200, 400)))
    s.event("frozen_data", "", 1, t, t + 90, 30, s.freezes[0][1] + 30, "frozen_data", "frozen_data", "", "LOW")
    s.allow(t, s.freezes[0][1] + 120, "link_monitor", "MEDIUM")
    s.klass = "technical"


def cuff_fails(s, r):
    s.make_patient(r.choice(["myers_bag", "vitc_25g"]))
    t = s.start + r.uniform(300, 1500)
    s.cuff_fails.append((t, t + s.cuff + 700))
    s.event("nibp_failed", "", 1, t, t + s.cuff + 250, 150, t + s.cuff + 900, "nibp_failed,nibp_overdue", "nibp_failed", "", "LOW")
    s.klass = "technical"


def finger_off(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    s.chair = "full"
    s.spo2_arm = "right" if s.cuff_arm == "left" else "left"
    t = s.start + r.uniform(300, 1800)
    s.off_spo2.append((t, t + r.uniform(150, 300)))
    s.event("sensor_off", "", 1, t, t + 60, 30, s.off_spo2[0][1] + 30, "sensor_off_spo2", "sensor_off_spo2", "", "LOW")
    s.klass = "technical"


def pump_lost(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration", "mg_addon"]))
    t = s.start + r.uniform(300, 1500)
    s.pump_darks.append((t, t + r.uniform(60, 240)))
    s.event("link_pump", "", 1, t, t + 10, 25, s.pump_darks[0][1] + 60, "link_pump", "link_pump", "", "LOW")
    s.klass = "technical"


def fast_heart(s, r):
    """A supraventricular tachycardia: from one beat to the next."""
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    t = s.start + r.uniform(200, 1800)
    end = t + r.uniform(120, 500)
    s.effect("hr", r.uniform(162, 185) - s.hr, t, 2, end, 3)
    s.effect("sbp", -r.uniform(5, 14), t, 30, end, 30)
    s.symptom(t + r.uniform(30, 90), "palpitations")
    s.event("tachycardia", "svt", 2, t, t + 10, 60, end + 120, "tachycardia,arrhythmia", "tachycardia", "check_patient", "MEDIUM")


def airway(s, r):
    """Asleep with a closed airway."""
    s.make_patient("hydration", ["osa"])
    s.chair = "full"
    t = s.start + r.uniform(900, 2200)
    end = t + r.uniform(150, 300)
    s.effect("spo2", -(s.spo2 - r.uniform(79, 83)), t, 70, end, 30)
    s.effect("hr", r.uniform(0, 10), t, 70, end, 60)
    s.event("desaturation", "apnoea", 2, t, t + 75, 75, end + 120, "desaturation,infusion_reaction", "desaturation", "", "MEDIUM")


def high_pressure(s, r):
    s.make_patient(r.choice(["hydration", "vitc_25g"]))
    s.sbp = max(s.sbp, 140)
    s.dbp = s.sbp * 0.6
    t = s.start + r.uniform(500, 1500)
    s.effect("sbp", r.uniform(208, 222) - s.sbp, t, 500, t + 2200, 400)
    s.event("hypertension", "", 2, t, t + 430, 2 * s.cuff + 120, t + 2600, "hypertension", "hypertension", "fluid_overload", "MEDIUM")


def distressed(s, r):
    s.make_patient("ketamine")
    s.chair = "full"
    t = s.start + r.uniform(500, 1500)
    s.effect("hr", r.uniform(10, 20), t, 100, t + 600, 300)
    s.effect("sbp", r.uniform(8, 18), t, 100, t + 600, 300)
    s.symptom(t + 60, "agitation")
    s.event("ketamine_agitation", "", 1, t, t + 60, 30, t + 900, "ketamine_agitation", "ketamine_agitation", "", "LOW", "symptom")


def chest(s, r):
    s.make_patient(r.choice(["myers_bag", "hydration"]))
    s.chair = "full"
    t = s.start + r.uniform(300, 2000)
    s.effect("hr", r.uniform(0, 12), t, 200, t + 900, 300)
    s.symptom(t + 60, r.choice(["chest_pain", "palpitations"]))
    s.event("check_patient", "", 2, t, t + 60, 30, t + 900, "check_patient", "check_patient", "", "MEDIUM", "symptom")


def faint_again(s, r):
    """A faint that does not pass."""
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "hydration"]))
    s.hr = max(s.hr, 66)
    if "beta_blocker" in s.flags:
        s.flags.remove("beta_blocker")
    t = s.start + r.uniform(300, 2000)
    s.effect("hr", -r.uniform(0.36, 0.46) * s.hr, t, r.uniform(15, 35), t + 500, 200)
    s.effect("sbp%", -r.uniform(0.32, 0.44), t, r.uniform(25, 45), t + 500, 200)
    s.symptom(t + r.uniform(20, 90), r.choice(["pallor", "nausea", "sweating", "faint"]))
    s.event("vasovagal", "long", 3, t, t + 30, 90, t + 900, "vasovagal", "vasovagal", "bradycardia,hypotension", "MEDIUM")


def pain(s, r):
    """The needle is tried twice, the drip pulls: fast, high, short."""
    s.make_patient(r.choice(["myers_bag", "vitc_25g", "hydration"]))
    s.klass = "lookalike"
    for t in (s.start - 150, s.start + r.uniform(400, 1500)):
        s.effect("hr", r.uniform(12, 26), t, 20, t + r.uniform(40, 120), 120)
        s.effect("sbp", r.uniform(10, 26), t, 20, t + r.uniform(40, 120), 120)
        s.effect("rr", r.uniform(2, 6), t, 20, t + 100, 100)


def walk_back(s, r):
    """Came in a hurry: everything comes down over a quarter of an hour."""
    s.make_patient(r.choice(["myers_bag", "hydration", "glutathione"]))
    s.klass = "lookalike"
    for signal, size in (("hr", r.uniform(18, 30)), ("sbp", r.uniform(12, 28)), ("rr", r.uniform(3, 7))):
        s.effects.append((signal, size, -9000, 1, r.uniform(30, 200), r.uniform(500, 1100)))


def hot_drink(s, r):
    """A probe or an ear after a hot drink: a jump of the temperature."""
    s.make_patient(r.choice(["hydration", "glutathione"]))
    s.klass = "lookalike"
    s.temp_kind = "spot"
    t = s.start + r.uniform(400, 2000)
    s.effect("temp", r.uniform(0.4, 0.8), t, 30, t + 500, 400)
    s.say(t + 120, "nurse:temp")


def mild_breath(s, r):
    """Asleep, breathing in periods; saturation swings and comes back."""
    s.make_patient(r.choice(["hydration", "myers_bag500"]), ["osa"])
    s.klass = "lookalike"
    t = s.start + 700
    while t < s.duration - 200:
        s.effect("spo2", -r.uniform(1.5, 4), t, 20, t + 25, 20)
        s.effect("rr", -r.uniform(2, 5), t, 20, t + 25, 20)
        t += r.uniform(100, 400)


def wrong_entry(s, r):
    """The therapy is not in the library; nothing happens."""
    s.make_patient("vitc_25g")
    s.klass = "lookalike"
    s.therapy = "own_mix"


def athlete_rest(s, r):
    s.make_patient("myers_bag", age=r.randint(20, 36))
    s.klass = "lookalike"
    s.person = "athlete"
    s.hr, s.sbp = r.uniform(46, 52), r.uniform(104, 122)
    s.dbp = s.sbp * 0.6
    s.effect("hr", -r.uniform(0, 4), s.start + 600, 900)


HAZARDS = g.HAZARDS + [(reaction_late, 2), (reaction_twice, 1), (reaction_no_pressure, 2), (overload_unflagged, 2), (site_quiet, 1), (frozen, 1),
                       (cuff_fails, 1), (finger_off, 1), (pump_lost, 1), (fast_heart, 1), (airway, 1), (high_pressure, 1), (distressed, 1), (chest, 1),
                       (faint_again, 1), (g.hypermag, 1)]
CALM = g.CALM + [(pain, 2), (walk_back, 2), (hot_drink, 1), (mild_breath, 1), (wrong_entry, 1), (athlete_rest, 1)]


def make(seed, name):
    s = Harsh(seed, name)
    r = s.rng
    story = pick(r, HAZARDS if r.random() < 0.5 else CALM)
    s.chair = pick(r, CHAIRS)
    s.temp_kind = r.choice(["spot", "spot", "cont"])
    story(s, r)
    s.name = "%s_%s" % (name, story.__name__)
    if s.chair == "no_rr" and any(e["type"] in ("ketamine_sedation", "hypermagnesaemia") for e in s.events):
        s.chair = "full"  # nothing else tells of slow breathing
    s.settle()
    s.cadence()
    s.everyday()
    return s
