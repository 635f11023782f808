#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A third generator of labelled sessions, written by an adversary from shared/clinical.md and the statistics of the
eight example sessions, without a look at the other two (generate.py, harsh.py), and sharing nothing with them.

What a reaction shows counts from the moment it is there, also in a chair where nobody enters symptoms: such a session
is judged by the same deadline, although its first sign cannot be seen.

    python3 tests/generator/adversary.py --part=dev|kept --sessions=400 --out=FOLDER
"""
import argparse, csv, math, os, random

START = 480


def ramp(t, at, span):
    """0 before at, 1 after at + span, smooth between."""
    x = (t - at) / max(span, 1e-9)
    return 0.0 if x <= 0 else 1.0 if x >= 1 else x * x * (3 - 2 * x)


def ou(rng, n, sd, tau):
    a = math.exp(-1.0 / tau)
    b = sd * math.sqrt(1 - a * a)
    x, out = rng.gauss(0, sd), []
    for _ in range(n):
        x = a * x + b * rng.gauss(0, 1)
        out.append(x)
    return out


THERAPIES = {
    # id: name, bag mL, ordered mL/h, mg mmol/mL, ketamine, lidocaine per kg (mg/kg in the bag)
    'myers_bag': ("Myers' cocktail in 250 mL", 250, 375, 0.01968, 0, 0),
    'myers_bag500': ('Myers modified in 500 mL', 500, 400, 0.0162, 0, 0),
    'mg_addon': ('Magnesium sulfate 2 g in 100 mL', 100, 100, 0.0811, 0, 0),
    'hydration': ('Hydration, 1 L 0.9% saline', 1000, 500, 0, 0, 0),
    'ketamine': ('Ketamine 0.5 mg/kg in 100 mL', 100, 150, 0, 0.5, 0),
    'ketamine_4h': ('Ketamine 4 h', 250, 62.5, 0, 1.6, 0),
    'lidocaine': ('Lidocaine 5 mg/kg in 250 mL', 250, 250, 0, 0, 5.0),
    'vitc_25g': ('Vitamin C 25 g in 500 mL', 500, 400, 0, 0, 0),
    'glutathione': ('Glutathione 1200 mg in 100 mL', 100, 300, 0, 0, 0),
}


class Session:
    def __init__(self, name, seed, chair='full'):
        self.rng = random.Random(seed)
        r = self.rng
        self.name, self.chair = name, chair
        self.sex = r.choice('FFFM')
        self.age = r.randint(22, 86)
        self.height = round(r.gauss(165 if self.sex == 'F' else 178, 7))
        self.weight = max(45, min(130, round(r.gauss(25, 4.5) * (self.height / 100) ** 2)))
        self.flags = []
        self.hr, self.rr = r.uniform(58, 88), r.uniform(11.5, 16.5)
        self.sbp = min(158, max(104, r.gauss(122, 12) + max(0, self.age - 55) * 0.35))
        self.dbp = min(92, self.sbp * r.uniform(0.58, 0.67))
        self.spo2 = r.uniform(96.0, 98.8)
        self.temp, self.pi = r.uniform(36.3, 36.9), r.uniform(1.2, 4.0)
        self.n = 3600
        self.interval = 600 if chair == 'slow_cuff' else 300
        self.abp = False                                 # an arterial line
        self.arms = ['left', 'right', 'right']          # cuff, oximeter, vein
        self.temp_mode = 'cont' if r.random() < 0.2 else 'spot'
        self.effects = []                                # functions (t, vitals)
        self.pump_plan = []                              # (t, state, rate)
        self.press_effects, self.entries = [], []        # (t, text)
        self.events, self.allows = [], []
        self.motion, self.talk, self.lost = [], [], {}   # spans; lost: column group -> spans
        self.odd_cuffs, self.failed_cuffs, self.extra_cuffs = {}, set(), []
        self.frozen = []
        self.klass = 'uneventful'
        self.use('myers_bag')
        self.quiet_spans = []                            # no random motion there
        self.noise = 1.0

    def use(self, therapy):
        self.therapy = therapy
        name, bag, rate, mg, ket, lido = THERAPIES[therapy]
        self.bag, self.ordered, self.mg = bag, rate, mg
        self.ket, self.lido = ket * self.weight / bag, min(500, lido * self.weight) / bag
        if (ket or lido or mg) and self.chair != 'slow_cuff':
            self.interval = self.rng.choice([180, 180, 300]) if therapy != 'myers_bag' else 300
        return self

    # ---- what happens ----
    def effect(self, func):
        self.effects.append(func)

    def change(self, at, span, end=None, back=120, **deltas):
        """Vitals shift by deltas: hr, rr, spo2, temp, pp additive; sbp, pi as a factor - 1."""
        def f(t, v):
            k = ramp(t, at, span) * (1 - (ramp(t, end, back) if end is not None else 0))
            if k:
                for key, d in deltas.items():
                    v[key] += k * d
        self.effects.append(f)

    def enter(self, t, *texts):
        if self.chair == 'no_symptoms' and all(x.startswith('symptom') for x in texts):
            return
        late = 60 if self.chair == 'late_symptoms' and texts[0].startswith('symptom') else 0
        for x in texts:
            self.entries.append((int(t) + late, x))

    def has_entries(self):
        return self.chair != 'no_symptoms'

    def event(self, type, onset, criteria, deadline, end, ok, least='MEDIUM', partial='', subtype='', needs='', best=None):
        if needs == 'symptom' and not self.has_entries():
            self.allow(onset - 30, end + 300, ok + (',' + partial if partial else ''), 'HIGH')
            return
        if self.chair == 'late_symptoms' and needs == 'symptom':
            deadline += 60
        self.klass = 'hazard'
        self.events.append(dict(type=type, subtype=subtype, severity=2, onset_s=int(onset), criteria_s=int(criteria),
                                deadline_s=int(deadline), end_s=int(min(end, self.n)), labels_ok=ok,
                                label_best=best or ok.split(',')[0], labels_partial=partial, min_priority=least, needs=needs))

    def allow(self, a, b, labels, most='MEDIUM'):
        self.allows.append(dict(from_s=int(a), to_s=int(b), labels=labels, max_priority=most))

    def next_cuff(self, t, k=1):
        """Second of the k-th result that begins inflating after t."""
        at = 360
        n = 0
        while True:
            at += self.interval
            if at >= t:
                n += 1
                if n == k:
                    return at + 38

    def plan(self):
        if not self.pump_plan:
            self.pump_plan = [(START, 'run', None)]
        self.pump_plan = [(t, state, self.ordered if rate is None else rate) for t, state, rate in self.pump_plan]

    # ---- the instruments ----
    def build(self):
        r, n = self.rng, self.n
        self.plan()
        hr_n, hr_s = ou(r, n, 2.3 * self.noise, 18), ou(r, n, 2.2, 500)
        rr_n, sp_n = ou(r, n, 1.15 * self.noise, 35), ou(r, n, 0.38, 50)
        bp_s, t_n = ou(r, n, 0.028, 420), ou(r, n, 0.04, 900)
        bumps = []
        t = 0
        while True:
            t += int(r.expovariate(0.9 / 3600)) + 60
            if t > n:
                break
            bumps.append((t, r.uniform(30, 90), r.uniform(6, 15)))
        truth = []
        for t in range(n):
            v = dict(hr=0.0, rr=0.0, spo2=0.0, temp=0.0, sbp=0.0, pp=0.0, pi=0.0)
            for f in self.effects:
                f(t, v)
            b = sum(a * ramp(t, s, 10) * (1 - ramp(t, s + d, 20)) for s, d, a in bumps if s <= t < s + d + 30)
            v['hr'] = self.hr + hr_n[t] + hr_s[t] + v['hr'] + b
            v['sys'] = self.sbp * (1 + v['sbp'] + bp_s[t]) + b * 0.4
            v['dia'] = v['sys'] - max(14, (self.sbp - self.dbp) * (1 + 0.5 * v['sbp']) + v['pp'])
            v['rr'] = max(2.5, self.rr + rr_n[t] + v['rr'])
            v['spo2'] = min(100.0, self.spo2 + sp_n[t] + v['spo2'])
            v['temp'] = self.temp + v['temp'] + t_n[t]
            v['pi'] = max(0.05, self.pi * (1 + v['pi']))
            truth.append(v)
        self.truth = truth
        self.spans()
        return self.sense(truth)

    def spans(self):
        r = self.rng

        def free(t):
            return not any(a <= t <= b for a, b in self.quiet_spans)
        t = 0
        while True:
            t += int(r.expovariate(1.1 * self.noise / 3600))
            if t >= self.n:
                break
            d = r.randint(6, 48)
            if free(t):
                self.motion.append((t, t + d))
            t += d
        t = 0
        while True:
            t += int(r.expovariate(4.5 / 3600))
            if t >= self.n:
                break
            d = r.randint(8, 110)
            self.talk.append((t, t + d))
            t += d

    def is_in(self, spans, t):
        return any(a <= t < b for a, b in spans)

    def cuffs(self):
        r = self.rng
        starts = [60, 210, 360]
        at = 360 + self.interval
        while at < self.n - 45:
            starts.append(at)
            at += self.interval
        starts = sorted(set(starts + self.extra_cuffs))
        out, busy = [], -1
        for s in starts:
            if s < busy or self.is_in(self.lost.get('cuff', []), s):
                continue
            d = r.randint(24, 38)
            moving = any(a - 2 < s + d and s < b + 2 for a, b in self.motion)
            fail = s in self.failed_cuffs or r.random() < (0.45 if moving else 0.03)
            odd = self.odd_cuffs.get(s)
            if not fail and odd is None and moving and r.random() < 0.15:
                odd = r.choice([0.84, 0.88, 1.12, 1.16])
            out.append((s, s + d, fail, odd))
            busy = s + d
            if fail and s not in self.failed_cuffs:
                s2 = s + d + r.randint(18, 30)
                d2 = r.randint(24, 38)
                out.append((s2, s2 + d2, False, None))
                busy = s2 + d2
        return out

    def sense(self, truth):
        r, n = self.rng, self.n
        rows = []
        cuffs = self.cuffs()
        inflating = {}
        results = {}
        for a, b, fail, odd in cuffs:
            for t in range(a, min(b, n)):
                inflating[t] = True
            if b < n:
                results[b] = (a, fail, odd)
        press_n = ou(r, n, 2.2, 14)
        # averaging: HR 6 s, PR 6 s and about 7 behind, SpO2 8 s and 12 behind, RR 20 s
        vol = 0.0
        plan = sorted(self.pump_plan)
        state, rate, pi_at = 'idle', 0.0, 0
        held = None
        wild = 0
        wild_v = 0
        base_press = r.uniform(17, 33)
        rr_noise = 12.0
        spot = {15} | set(range(300, n, 900))
        spot |= {t for t, x in self.entries if x == 'nurse:temp'}
        texts = {}
        for t, x in self.entries:
            texts.setdefault(t, []).append(x)
        texts.setdefault(START, [])
        started = False
        hr_has = not (self.chair == 'no_ecg')
        sums = {}
        for key, span in (('hr', 6), ('spo2', 8), ('rr', 20)):
            acc, out = 0.0, []
            for t in range(n):
                acc += truth[t][key]
                if t >= span:
                    acc -= truth[t - span][key]
                out.append(acc / min(span, t + 1))
            sums[key] = out
        same_ox, same_iv = self.arms[0] == self.arms[1], self.arms[0] == self.arms[2]
        for t in range(n):
            v = truth[t]
            while pi_at < len(plan) and plan[pi_at][0] <= t:
                _, state, rate = plan[pi_at]
                pi_at += 1
            if state == 'run' and not started:
                started = True
                texts.setdefault(t, []).append('pump:start')
            flow = rate if state == 'run' else 0.0
            vol += flow / 3600
            if vol >= self.bag and state == 'run':
                state, rate = 'done', 0.0
                vol = self.bag
                texts.setdefault(t, []).append('pump:done')
            moving = self.is_in(self.motion, t)
            talking = moving or self.is_in(self.talk, t)
            hr = sums['hr'][t]
            pr = sums['hr'][max(0, t - 7)]
            spo2 = sums['spo2'][max(0, t - 12)]
            rr = sums['rr'][t]
            pi = max(0.1, v['pi'] * (1 + r.gauss(0, 0.1)))
            if moving:
                if wild == 0 and r.random() < 0.02:
                    wild, wild_v = r.randint(3, 7), r.randint(150, 200) if r.random() < .7 else r.randint(25, 45)
            if wild > 0:
                hr, wild = wild_v, wild - 1
            if talking:
                rr_noise += 0.25 * (r.uniform(3, 26) - rr_noise) + r.gauss(0, 2.5)
                rr = max(4, rr_noise)
            show_ox = True
            if moving:
                if r.random() < 0.35:
                    show_ox = False
                pr += r.gauss(0, 14)
                spo2 -= abs(r.gauss(0, 2.0))
            if same_ox and inflating.get(t):
                show_ox = show_ox and r.random() < 0.25
                pi *= 0.2
                spo2 -= r.uniform(0, 4)
            press = base_press + 0.047 * flow + press_n[t] + sum(f(t, flow) for f in self.press_effects)
            if moving:
                press += r.choice([0, 0, 5, 10, 20, 30]) * r.random()
            if same_iv and inflating.get(t) and flow > 0:
                press += r.uniform(60, 110)
            if self.is_in(self.lost.get('ox', []), t):
                show_ox = False
            row = dict(t_s=t)
            row['hr_bpm'] = '' if not hr_has or self.is_in(self.lost.get('ecg', []), t) else max(0, round(hr))
            row['pr_bpm'] = '' if not show_ox else max(20, round(pr))
            row['spo2_pct'] = '' if not show_ox else max(50, min(100, round(spo2)))
            row['pi_pct'] = '' if self.is_in(self.lost.get('ox', []), t) else f'{pi:.1f}'
            row['rr_bpm'] = '' if self.chair == 'no_rr' or self.is_in(self.lost.get('ecg', []), t) else max(0, round(rr))
            if self.chair == 'no_spo2':
                row['pr_bpm'] = row['spo2_pct'] = row['pi_pct'] = ''
            row['temp_c'] = f"{v['temp'] + r.gauss(0, 0.05):.1f}" if self.temp_mode == 'cont' or t in spot else ''
            row['nibp_status'] = 'inflating' if inflating.get(t) else ''
            row['nibp_sys'] = row['nibp_dia'] = row['nibp_map'] = ''
            if t in results:
                a, fail, odd = results[t]
                if fail:
                    row['nibp_status'] = r.choice(['fail_motion', 'fail_weak'])
                else:
                    mid = truth[(a + t) // 2]
                    sys, dia = mid['sys'] + r.gauss(0, 3.6), mid['dia'] + r.gauss(0, 3.0)
                    if odd:
                        sys, dia = sys * odd, dia * (odd + 0.02)
                    sys, dia = round(sys), round(min(dia, sys - 12))
                    row['nibp_status'] = 'ok'
                    row['nibp_sys'], row['nibp_dia'] = sys, dia
                    row['nibp_map'] = round(dia + (sys - dia) * 0.36 + r.gauss(0, 1.8))
            row['abp_sys'] = row['abp_dia'] = row['abp_map'] = ''
            if self.abp:
                row.update(self.line(t, v))
            row['pump_state'], row['pump_rate_ml_h'] = state, f'{flow:.1f}'
            row['pump_vol_ml'], row['pump_press_mmhg'] = f'{vol:.2f}', max(-50, round(press))
            row['mon_link'] = row['pump_link'] = 1
            row['event'] = ';'.join(texts.get(t, []))
            mon = ['hr_bpm', 'pr_bpm', 'spo2_pct', 'pi_pct', 'rr_bpm', 'temp_c', 'nibp_status', 'nibp_sys', 'nibp_dia', 'nibp_map',
                   'abp_sys', 'abp_dia', 'abp_map']
            if self.is_in(self.frozen, t):
                held = held or {k: row[k] for k in mon[:5]}
                row.update(held)
            else:
                held = None
            if self.is_in(self.lost.get('mon', []), t):
                row.update({k: '' for k in mon}, mon_link=0)
            if self.is_in(self.lost.get('pump', []), t):
                row.update(pump_state='', pump_rate_ml_h='', pump_vol_ml='', pump_press_mmhg='', pump_link=0)
            rows.append(row)
        return rows

    def line(self, t, v):
        r = self.rng
        if self.is_in(self.lost.get('abp_damp', []), t):
            m = v['dia'] + 0.36 * (v['sys'] - v['dia'])
            return dict(abp_sys=round(m + 2), abp_dia=round(m - 2), abp_map=round(m))
        if self.is_in(self.lost.get('abp_flush', []), t):
            return dict(abp_sys=290, abp_dia=280, abp_map=285)
        s, d = v['sys'] + r.gauss(0, 2), v['dia'] + r.gauss(0, 1.5)
        return dict(abp_sys=round(s), abp_dia=round(d), abp_map=round(d + 0.36 * (s - d)))

    def write(self, folder):
        rows = self.build()
        p = os.path.join(folder, self.name)
        with open(p + '.csv', 'w', newline='') as f:
            w = csv.DictWriter(f, list(rows[0]))
            w.writeheader()
            w.writerows(rows)
        name = THERAPIES[self.therapy][0]
        with open(p + '.ini', 'w') as f:
            f.write(f'[session]\nid = {self.name}\nduration_s = {self.n}\ncuff_interval_s = {self.interval}\ninfusion_start_s = {START}\n\n'
                    f'[patient]\nage = {self.age}\nsex = {self.sex}\nweight_kg = {self.weight}\nheight_cm = {self.height}\nflags = {",".join(self.flags)}\n\n'
                    f'[therapy]\nid = {self.therapy}\nname = {name}\nbag_volume_ml = {self.bag:.1f}\nordered_rate_ml_h = {self.ordered:.1f}\n'
                    f'mg_mmol_per_ml = {self.mg:.5f}\nketamine_mg_per_ml = {self.ket:.5f}\nlidocaine_mg_per_ml = {self.lido:.5f}\n\n'
                    f'[sensors]\necg = {0 if self.chair == "no_ecg" else 1}\nabp = {1 if self.abp else 0}\ntemp = {self.temp_mode}\n'
                    f'cuff_arm = {self.arms[0]}\nspo2_arm = {self.arms[1]}\niv_arm = {self.arms[2]}\n')
        with open(p + '.truth.ini', 'w') as f:
            f.write(f'[truth]\nid = {self.name}\nclass = {self.klass}\nchair = {self.chair}\nstory = {self.story}\nevents = {len(self.events)}\n')
            for kind, list_ in (('event', self.events), ('allow', self.allows)):
                for i, x in enumerate(list_, 1):
                    f.write(f'\n[{kind}.{i}]\n' + ''.join(f'{k} = {v}\n' for k, v in x.items()))


# ---- hazards ----
def reaction(s, kind='anaphylaxis', at=None, second=False):
    r = s.rng
    if not second:
        s.use(r.choice(['myers_bag', 'myers_bag', 'myers_bag500', 'vitc_25g', 'glutathione', 'hydration', 'mg_addon']))
    at = at or START + r.randint(180, 900)
    s.n = max(s.n, at + 2400)
    speed = r.uniform(0.6, 1.6)
    if kind == 'slow':
        speed = r.uniform(3.0, 5.0)
    sev = r.uniform(0.8, 1.4)
    dhr, fall, dsp, drr = r.uniform(26, 44) * sev, r.uniform(0.27, 0.38) * sev, r.uniform(4, 7.5) * sev, r.uniform(6, 10) * sev
    if kind == 'normotensive':
        fall, drr, dsp, dhr = r.uniform(-0.04, 0.06), r.uniform(8, 13), r.uniform(4.5, 8), r.uniform(20, 34)
    if kind == 'no_resp':
        dsp, drr = r.uniform(0.5, 2), r.uniform(1, 4)
    if kind == 'beta':
        if 'beta_blocker' not in s.flags:
            s.flags.append('beta_blocker')
            s.hr = r.uniform(54, 68)
        dhr = r.uniform(4, 12)
    t_hr, t_bp = 150 * speed, 330 * speed
    end = at + r.randint(1100, 1500) if kind == 'biphasic' and not second else at + 1700 + int(t_bp)
    s.n = max(s.n, int(end) + 500)
    s.change(at, t_hr, end, 400, hr=dhr, pi=-0.45)
    s.change(at + 20 * speed, t_bp, end, 400, sbp=-fall, pp=-3)
    s.change(at + 60 * speed, 200 * speed, end, 400, spo2=-dsp)
    s.change(at + 25 * speed, 220 * speed, end, 400, rr=drr)
    s.quiet_spans.append((at - 60, at + int(t_bp)))
    skin = r.random() < 0.85 and kind not in ('no_resp',)
    t_skin = at + r.uniform(30, 110) * min(speed, 2)
    if skin:
        s.enter(t_skin, *['symptom:' + x for x in r.sample(['itching', 'hives', 'rash', 'flushing_face'], 2)])
    if kind == 'normotensive' or r.random() < 0.35:
        s.enter(at + r.uniform(80, 200) * min(speed, 2), 'symptom:' + r.choice(['throat_tight', 'wheeze', 'short_of_breath']))
    # criteria in the underlying signals: two systems
    def crit():
        for t in range(int(at), int(at + 3000)):
            khr, kbp = dhr * ramp(t, at, t_hr), fall * ramp(t, at + 20 * speed, t_bp)
            ksp, krr = dsp * ramp(t, at + 60 * speed, 200 * speed), drr * ramp(t, at + 25 * speed, 220 * speed)
            resp = ksp >= 4 or (krr >= 7 and s.rr + krr >= 21 and ksp >= 2.5)
            low = kbp >= 0.30 or s.sbp * (1 - kbp) < min(90, 0.85 * s.sbp)
            tach = khr >= 20 and khr >= 0.22 * s.hr
            seen_skin = skin and t >= t_skin  # really there, whether entered or not
            if seen_skin and (resp or kbp >= 0.2 or khr >= 26):
                return t, 'skin'
            if low and (tach or resp or kind == 'beta'):
                return t, 'bp'
            if ksp >= 4 and krr >= 7 and s.rr + krr >= 21 and (tach or kind == 'beta'):
                return t, 'resp'
        return None, None
    c, how = crit()
    if c is None:
        c = at + max(t_hr, t_bp, 260 * speed)
        s.event('infusion_reaction', at, c, c + 300 + s.interval, end, 'infusion_reaction', 'MEDIUM', 'hypotension,desaturation,tachycardia', kind)
        return
    if how == 'bp':
        d = max(c + 120, s.next_cuff(c) + 15)
    else:
        d = c + (150 if how == 'resp' else 90)
    if kind == 'slow':
        d += 60
    s.event('infusion_reaction', at, c, d, end, 'infusion_reaction', 'HIGH' if kind != 'no_resp' else 'MEDIUM', 'hypotension,desaturation', kind)
    if kind == 'biphasic' and not second:
        gap = int(end) + r.randint(900, 1700)
        s.n = gap + 2600
        reaction(s, 'anaphylaxis', gap, True)


def cutaneous(s):
    r = s.rng
    at = START + r.randint(240, 1200)
    s.change(at, 120, at + 900, 300, hr=r.uniform(3, 12))
    s.enter(at + 60, 'symptom:' + r.choice(['itching', 'hives', 'rash']))
    s.event('infusion_reaction', at, at + 60, at + 75, at + 1200, 'infusion_reaction', 'MEDIUM', '', 'cutaneous', 'symptom')


def febrile(s):
    r = s.rng
    s.use(r.choice(['glutathione', 'myers_bag', 'vitc_25g']))
    at = START + r.randint(400, 1100)
    s.n = at + 4200
    dT, lag = r.uniform(1.4, 2.6), r.uniform(500, 1400)
    s.change(at, 300, None, hr=r.uniform(18, 28), rr=r.uniform(2, 5), sbp=r.uniform(0.0, 0.08))
    s.change(at + lag, 1200, None, temp=dT)
    chills = r.random() < 0.8
    if chills:
        s.enter(at + r.randint(60, 240), 'symptom:' + r.choice(['chills', 'rigors']))
    need = max(38.05 - s.temp, 1.05)
    c = next((t for t in range(at, s.n) if dT * ramp(t, at + lag, 1200) >= need), None)
    if c is None:
        c = at + lag + 1200
    if s.temp_mode == 'spot':
        seen = [t for t in range(300, s.n, 900) if t >= c + 60]
        if chills:
            s.enter(c + 120, 'nurse:temp')
            seen.append(int(c + 120))
        d = min(seen) + 300 if s.temp_mode == 'spot' and seen else s.n
        if not seen:
            return
    else:
        d = c + 600
    s.event('febrile_reaction', at, c, d, s.n, 'febrile_reaction', 'MEDIUM', 'temp_high,febrile_check', '')


def mg_fall(s, error=True):
    r = s.rng
    s.use('mg_addon' if error else r.choice(['mg_addon', 'myers_bag']))
    at = START + r.randint(300, 900)
    if error:
        rate = r.uniform(500, 800)
    else:
        rate = r.uniform(0.32, 0.58) * 60 / s.mg
    s.bag = max(s.bag, rate / 3600 * 900 + 60) if not error else s.bag
    run = min((s.bag - s.ordered * (at - START) / 3600) / rate * 3600, 900)
    stop = at + min(r.randint(420, 660), int(run))
    s.pump_plan = [(START, 'run', s.ordered), (at, 'run', rate), (stop, 'run', s.ordered * 0.8)]
    s.enter(stop, 'nurse:rate_reduced')
    s.n = stop + 1800
    fall, lag, span = r.uniform(0.20, 0.36), r.uniform(40, 110), r.uniform(120, 240)
    s.change(at + lag, span, stop + 60, 400, sbp=-fall, hr=r.uniform(0, 12), pi=0.1)
    if r.random() < 0.8:
        s.enter(at + r.randint(60, 150), 'symptom:heat', *(['symptom:lightheaded'] if r.random() < 0.5 else []))
    c = next((t for t in range(at, s.n) if fall * ramp(t, at + lag, span) >= 0.2), at + lag + span)
    low = s.sbp * (1 - fall)
    if error:
        s.event('mg_hypotension', at, at + 10, max(at + 360, s.next_cuff(c) + 15), stop + 600, 'mg_hypotension,rate_limit', 'MEDIUM', 'hypotension', 'rate_error')
    else:
        if low >= 104 or fall < 0.225:           # cannot be asked: soft fall, white coat
            s.allow(at - 30, stop + 900, 'mg_hypotension,hypotension,mg_rate,rate_limit', 'HIGH')
            return
        first = s.next_cuff(c)
        if first + 20 > stop + 60:
            s.allow(at - 30, stop + 900, 'mg_hypotension,hypotension,mg_rate,rate_limit', 'HIGH')
            return
        s.event('mg_hypotension', at, c, first + 15, stop + 600, 'mg_hypotension', 'MEDIUM', 'hypotension', 'soft_rate')
    s.allow(at - 5, stop + 900, 'mg_rate,rate_limit', 'HIGH')


def hypermag(s):
    r = s.rng
    s.use('mg_addon')
    s.flags.append('renal')
    s.bag, s.ordered = 250, 200
    s.n = 6600
    at = START + r.randint(2400, 3000)
    span = r.uniform(900, 1500)
    s.rr, s.hr = r.uniform(13.5, 16.5), r.uniform(68, 88)
    drr = s.rr - r.uniform(6.4, 8.6)
    s.change(at, span, None, rr=-drr, hr=-r.uniform(13, 20), sbp=-r.uniform(0.18, 0.27))
    weak = r.random() < 0.8
    if weak:
        s.enter(at + span * 0.6, 'symptom:' + r.choice(['weakness', 'drowsy']))
    s.event('hypermagnesaemia', at, at + span * 0.85, at + span + 240 + s.interval, s.n, 'hypermagnesaemia,mg_hypotension' if not s.has_entries() else 'hypermagnesaemia', 'MEDIUM',
            'resp_rate_low,mg_hypotension,check_patient,bradycardia', 'renal')
    s.allow(START, s.n, 'check_patient,mg_rate,volume_limit', 'MEDIUM')


def overload(s, kind='risk'):
    r = s.rng
    s.use('hydration')
    if kind != 'plain':
        s.flags.append(r.choice(['heart_failure', 'renal']))
        s.age = r.randint(60, 86)
    if kind == 'beta':
        s.flags.append('beta_blocker')
        s.hr = r.uniform(54, 66)
    rate = r.choice([500, 600, 700, 800]) if kind != 'plain' else 1000
    s.pump_plan = [(START, 'run', rate)]
    s.ordered = min(rate, 500) if kind != 'plain' else 900
    soft = (4 if kind != 'plain' else 10) * s.weight
    at = int(START + max(600, 0.75 * soft / rate * 3600) + r.randint(0, 700))
    span = {'slow': r.uniform(2400, 3600), 'flash': r.uniform(300, 420)}.get(kind, r.uniform(900, 1800))
    s.n = int(at + span + 2400)
    if kind == 'plain':
        s.bag = 2000
    up, dpp, dsp, drr = r.uniform(0.20, 0.36), r.uniform(14, 26), r.uniform(4.5, 8), r.uniform(7, 13)
    dhr = r.uniform(0, 6) if kind == 'beta' else r.uniform(3, 20)
    s.change(at, span, None, sbp=up, pp=dpp, spo2=-dsp, rr=drr, hr=dhr)
    if r.random() < 0.5:
        s.enter(at + span * r.uniform(0.5, 0.9), 'symptom:' + r.choice(['short_of_breath', 'cough']))
    c = next(t for t in range(at, s.n) if dsp * ramp(t, at, span) >= 3.5 and up * ramp(t, at, span) >= 0.15 and drr * ramp(t, at, span) >= 5)
    s.event('fluid_overload', at, c, c + s.interval + 150, s.n, 'fluid_overload', 'MEDIUM', 'desaturation,resp_rate_high,dyspnoea,hypertension', kind)
    s.allow(START, s.n, 'volume_limit,rate_limit', 'MEDIUM')


def volume(s):
    r = s.rng
    s.use('hydration')
    s.flags.append('heart_failure')
    s.weight = r.randint(48, 62)
    s.pump_plan = [(START, 'run', 450)]
    hard = 8 * s.weight
    at = START + hard / 450 * 3600
    s.n = int(at + 900)
    s.event('volume_limit', at - 60, at, at + 60, s.n, 'volume_limit', 'LOW', '', '')
    s.allow(START, s.n, 'volume_limit,rate_limit', 'MEDIUM')


def ketamine_bp(s):
    r = s.rng
    s.use('ketamine')
    s.flags.append('hypertension')
    s.sbp, s.dbp = r.uniform(146, 158), r.uniform(84, 92)
    at = START + r.randint(240, 600)
    up = (r.uniform(193, 206) - s.sbp) / s.sbp
    s.change(at, 900, at + 2100, 500, sbp=up, hr=r.uniform(6, 16), pp=4)
    s.n = at + 3200
    c = next(t for t in range(at, s.n) if s.sbp * (1 + up * ramp(t, at, 900)) >= 183)
    s.event('ketamine_hypertension', at, c, s.next_cuff(c, 2) + 30 + s.interval, at + 2400, 'ketamine_hypertension', 'MEDIUM', 'hypertension', '')
    s.allow(at, s.n, 'hypertension,ketamine_hypertension', 'HIGH')


def ketamine_sedation(s):
    r = s.rng
    s.use(r.choice(['ketamine', 'ketamine_4h']))
    if r.random() < 0.4:
        s.flags.append('osa')
    at = START + r.randint(500, 1200)
    span = r.uniform(100, 300)
    s.n = at + 1800
    drr, dsp = s.rr - r.uniform(3.5, 6.2), r.uniform(4.5, 10)
    end = at + r.randint(480, 800)
    s.change(at, span, end, 90, rr=-drr)
    s.change(at + span * 0.6 + 40, 120, end, 90, spo2=-dsp)
    if r.random() < 0.5:
        s.enter(at + span + 60, 'symptom:unresponsive_to_voice')
    c = next(t for t in range(at, s.n) if s.rr - drr * ramp(t, at, span) < 7.5)
    s.quiet_spans.append((at - 60, end))
    s.event('ketamine_sedation', at, c, c + 130, end + 120, 'ketamine_sedation', 'MEDIUM', 'resp_rate_low,desaturation', '')


def agitation(s):
    s.use('ketamine')
    at = START + s.rng.randint(500, 1500)
    s.change(at, 60, at + 400, 120, hr=18, sbp=0.1, rr=3)
    s.enter(at + 40, 'symptom:agitation')
    s.event('ketamine_agitation', at, at + 40, at + 60, at + 700, 'ketamine_agitation', 'MEDIUM', 'check_patient', '', 'symptom')


def vasovagal(s, kind='mid'):
    r = s.rng
    at = r.randint(330, 420) if kind == 'cannulation' else START + r.randint(120, 1500)
    s.hr = r.uniform(62, 92)
    if kind == 'anxious':
        s.hr = r.uniform(84, 98)
    depth = r.uniform(0.27, 0.45)
    fall = r.uniform(0.24, 0.42)
    span, end = r.uniform(20, 50), at + r.randint(150, 330)
    s.n = max(s.n, at + 1500)
    if kind == 'cannulation':
        s.enter(at - 20, 'nurse:cannulation')
        s.change(at - 120, 60, at, 30, hr=r.uniform(6, 16))
    s.change(at, span, end, 90, hr=-depth * s.hr, pi=-0.4)
    s.change(at + 10, span + 30, end, 150, sbp=-fall)
    s.quiet_spans.append((at - 30, end))
    if r.random() < 0.8:
        s.enter(at + r.randint(20, 60), 'symptom:' + r.choice(['pallor', 'sweating', 'nausea', 'lightheaded']))
        sign = True
    else:
        sign = False
    if r.random() < 0.5:
        s.extra_cuffs.append(at + r.randint(40, 70))
    low = s.hr * (1 - depth)
    c = at + span
    slow_enough = low < 47 and low <= 0.72 * s.hr
    cuff = min([s.next_cuff(at + 20)] + [x + 38 for x in s.extra_cuffs if x > at + 20])
    sees = (sign and s.has_entries()) or slow_enough or cuff < end
    if kind == 'cannulation' and not s.extra_cuffs and not (sign and s.has_entries()) and not slow_enough:
        sees = False
    if not sees:
        s.allow(at - 30, end + 600, 'vasovagal,bradycardia,hypotension', 'HIGH')
        return
    d = c + 100 if slow_enough or (sign and s.has_entries()) else max(c + 100, cuff + 15)
    s.event('vasovagal', at, c, d, end + 300, 'vasovagal', 'MEDIUM', 'bradycardia,hypotension', kind)


def lidocaine(s, kind='cns'):
    r = s.rng
    s.use('lidocaine')
    at = START + r.randint(600, 2400)
    s.n = at + 2400
    if kind == 'cns':
        s.change(at, 300, at + 1500, 300, hr=r.uniform(4, 14), sbp=r.uniform(0, 0.1))
        s.enter(at + 60, 'symptom:' + r.choice(['perioral_numbness', 'tinnitus', 'metallic_taste', 'visual_disturbance', 'twitching', 'slurred_speech']))
        s.event('lidocaine_toxicity', at, at + 60, at + 80, at + 1500, 'lidocaine_toxicity', 'HIGH', 'check_patient', kind, 'symptom')
    else:
        span = r.uniform(150, 400)
        s.hr = r.uniform(68, 90)
        dh, fall = r.uniform(0.28, 0.4) * s.hr, r.uniform(0.24, 0.36)
        s.change(at, span, None, hr=-dh, sbp=-fall)
        s.enter(at + span * 0.5, 'symptom:lightheaded')
        c = next(t for t in range(at, s.n) if dh * ramp(t, at, span) >= max(14, 0.2 * s.hr) and fall * ramp(t, at, span) >= 0.17)
        d = max(c + 110, s.next_cuff(c) + 15)
        s.event('lidocaine_toxicity', at, c, d, s.n, 'lidocaine_toxicity', 'HIGH', 'bradycardia,hypotension', kind)
        s.allow(at, s.n, 'lidocaine_toxicity', 'HIGH')


def infiltration(s, kind='creep'):
    r = s.rng
    s.pump_plan = [(START, 'run', r.choice([150, 240, 300, 375]))]
    at = START + r.randint(420, 1200)
    s.n = at + 2000
    stop = at + r.randint(1000, 1500)
    if kind == 'creep':
        rise, span = r.uniform(65, 120), r.uniform(500, 900)
        s.press_effects.append(lambda t, q: (rise * ramp(t, at, span)) if q > 0 else 0)
        c = next(t for t in range(at, s.n) if rise * ramp(t, at, span) >= 45)
        if r.random() < 0.6:
            s.enter(c + r.randint(60, 200), 'symptom:site_burning')
        d = c + 180
        s.event('infiltration', at, c, d, stop + 100, 'infiltration', 'LOW', 'occlusion', kind)
    else:
        s.enter(at, 'symptom:' + r.choice(['site_burning', 'site_tight', 'site_swelling']))
        s.event('infiltration', at - 60, at, at + 15, stop, 'infiltration', 'MEDIUM', '', kind, 'symptom')
    s.pump_plan.append((stop, 'idle', 0))
    s.enter(stop, 'nurse:stop_infusion')


def occlusion(s):
    r = s.rng
    at = START + r.randint(300, 1800)
    up, hold = r.uniform(300, 500), r.randint(60, 150)
    s.pump_plan = [(START, 'run', s.ordered), (at, 'alarm', 0), (at + hold, 'run', s.ordered)]
    s.press_effects.append(lambda t, q: up * ramp(t, at - 60, 60) * (1 - ramp(t, at + hold - 5, 3)))
    s.enter(at, 'pump:alarm=occlusion')
    s.event('occlusion', at - 60, at, at + 10, at + hold + 60, 'occlusion', 'MEDIUM', 'infiltration', '')
    s.allow(at - 60, at + 600, 'infiltration,occlusion', 'MEDIUM')


def rate_error(s, therapy=None):
    r = s.rng
    s.use(therapy or r.choice(['mg_addon', 'ketamine', 'lidocaine', 'hydration', 'myers_bag']))
    at = START + r.randint(60, 900)
    ok = 'rate_limit'
    if s.therapy == 'hydration':
        s.ordered, rate = 100, 1000
        s.flags.append('heart_failure')
        s.age = 79
    elif s.therapy == 'myers_bag':
        s.ordered, rate = 200, 1400 * 2
        rate = min(rate, 1490)
        if rate / 60 * s.mg < 0.62:
            s.mg *= 1.6
    else:
        rate = min(s.ordered * r.choice([8, 10]), 1490)
    stop = at + r.randint(60, 120)
    s.pump_plan = [(START, 'run', s.ordered), (at, 'run', rate), (stop, 'run', s.ordered)]
    s.enter(stop, 'nurse:rate_reduced')
    first = at
    if s.therapy == 'hydration':
        first = at + max(0, 40 - 100 * (at - START) / 3600) / 1000 * 3600
    s.event('rate_error', at, at, max(at, first) + 20, stop + 300, ok, 'MEDIUM' if s.therapy != 'hydration' else 'LOW', 'mg_rate', s.therapy)
    s.allow(at, s.n, 'rate_limit,mg_rate,volume_limit,dose_limit', 'HIGH')


def plain(s, kind):
    r = s.rng
    at = START + r.randint(600, 1500)
    end = at + r.randint(400, 900)
    s.n = at + 2100
    s.quiet_spans.append((at - 30, at + 300))
    if kind == 'desaturation':
        s.flags.append('osa')
        dsp = s.spo2 - r.uniform(80.5, 83.5)
        s.change(at, 80, end, 60, spo2=-dsp)
        c = at + 80 + 12
        s.event('desaturation', at, c, c + 60, end + 60, 'desaturation', 'MEDIUM', 'infusion_reaction', kind)
    elif kind == 'svt':
        rate = r.uniform(158, 185)
        s.change(at, 2, end, 3, hr=rate - s.hr, sbp=-0.08)
        s.enter(at + 90, 'symptom:palpitations')
        s.event('tachycardia', at, at, at + 75, end + 60, 'tachycardia,arrhythmia', 'HIGH', 'check_patient', kind)
    elif kind == 'tachycardia':
        rate = r.uniform(136, 148) if s.hr < 100 else 152
        s.change(at, 300, end, 200, hr=rate - s.hr, sbp=0.05)
        c = next(t for t in range(at, s.n) if s.hr + (rate - s.hr) * ramp(t, at, 300) >= max(126, 1.35 * s.hr + 1))
        s.event('tachycardia', at, c, c + 90, end + 60, 'tachycardia,arrhythmia', 'MEDIUM', 'check_patient,infusion_reaction', kind)
    elif kind == 'bradycardia':
        s.hr = r.uniform(62, 78)
        low = r.uniform(37.5, 41)
        s.change(at, 400, end, 200, hr=low - s.hr)
        c = next(t for t in range(at, s.n) if s.hr + (low - s.hr) * ramp(t, at, 400) <= min(44, 0.76 * s.hr))
        s.event('bradycardia', at, c, c + 90, end + 100, 'bradycardia,vasovagal,arrhythmia', 'MEDIUM', '', kind)
    elif kind == 'hypertension':
        s.sbp, s.dbp = r.uniform(138, 152), r.uniform(78, 88)
        top = r.uniform(192, 202)
        s.change(at, 300, None, sbp=top / s.sbp - 1)
        s.n = at + 2400
        c = next(t for t in range(at, s.n) if s.sbp * (1 + (top / s.sbp - 1) * ramp(t, at, 300)) >= 185)
        s.event('hypertension', at, c, s.next_cuff(c, 2) + 20 + s.interval, s.n, 'hypertension', 'MEDIUM', '', kind)
    elif kind == 'hypotension':
        s.use(r.choice(['vitc_25g', 'hydration', 'ketamine']))
        fall = r.uniform(0.33, 0.42)
        s.change(at, 400, None, sbp=-fall, hr=r.uniform(4, 12))
        s.n = at + 2400
        c = next(t for t in range(at, s.n) if fall * ramp(t, at, 400) >= 0.31)
        s.event('hypotension', at, c, s.next_cuff(c) + 20, s.n, 'hypotension', 'MEDIUM', 'infusion_reaction', kind)
        s.allow(at, s.n, 'hypotension,infusion_reaction', 'HIGH')
    elif kind == 'resp_low':
        s.use('hydration')
        drr = s.rr - r.uniform(4, 6)
        s.change(at, 120, end, 100, rr=-drr)
        c = next(t for t in range(at, s.n) if s.rr - drr * ramp(t, at, 120) < 7.5)
        s.event('resp_rate_low', at, c, c + 160, end + 100, 'resp_rate_low', 'MEDIUM', '', kind)
    elif kind == 'chest':
        s.change(at, 60, at + 600, 100, hr=10, sbp=0.08)
        s.enter(at + 20, 'symptom:' + r.choice(['chest_pain', 'palpitations']))
        s.event('check_patient', at, at + 20, at + 40, at + 900, 'check_patient', 'MEDIUM', '', kind, 'symptom')
    elif kind == 'sugar':
        s.change(at, 200, at + 900, 200, hr=r.uniform(10, 18))
        s.enter(at + 60, 'symptom:shaky', 'symptom:sweating')
        s.event('glucose_check', at, at + 60, at + 90, at + 1200, 'glucose_check', 'LOW', 'check_patient', kind, 'symptom')


def technical(s, kind):
    r = s.rng
    at = START + r.randint(300, 1500)
    s.n = at + 1500
    if kind == 'link_monitor':
        end = at + r.randint(60, 200)
        s.lost['mon'] = [(at, end)]
        s.event('link_lost', at, at + 10, at + 35, end, 'link_monitor', 'LOW')
    elif kind == 'link_pump':
        end = at + r.randint(60, 200)
        s.lost['pump'] = [(at, end)]
        s.event('link_lost', at, at + 10, at + 35, end, 'link_pump', 'LOW')
    elif kind == 'spo2':
        end = at + r.randint(150, 400)
        s.lost['ox'] = [(at, end)]
        s.event('sensor_off', at, at + 60, at + 90, end, 'sensor_off_spo2', 'LOW')
        s.allow(at, end, 'sensor_off_spo2,ecg_off', 'MEDIUM')
    elif kind == 'ecg':
        end = at + r.randint(150, 400)
        s.lost['ecg'] = [(at, end)]
        s.event('sensor_off', at, at + 30, at + 60, end, 'ecg_off', 'LOW')
        s.allow(at, end, 'rr_off', 'MEDIUM')
    elif kind == 'nibp':
        first = 360 + s.interval * math.ceil((at - 360) / s.interval)
        s.failed_cuffs |= {first, first + s.interval, first + 2 * s.interval}
        third = first + 2 * s.interval + 40
        s.n = third + 900
        s.event('nibp_failed', first, third, third + 60, third + s.interval, 'nibp_failed,nibp_overdue', 'LOW')
        s.allow(first, s.n, 'nibp_failed,nibp_overdue', 'MEDIUM')
    elif kind == 'frozen':
        end = at + r.randint(200, 400)
        s.frozen = [(at, end)]
        s.quiet_spans.append((at - 60, end + 60))
        s.event('frozen_data', at, at + 90, at + 125, end, 'frozen_data', 'LOW')
    s.klass = 'technical'


# ---- look-alikes ----
def anxiety(s):
    r = s.rng
    at = START + r.randint(60, 900)
    end = at + r.randint(240, 800)
    s.change(at, r.uniform(60, 180), end, 200, hr=min(r.uniform(20, 38), (104 if s.age >= 80 else 110) - s.hr), sbp=min(r.uniform(0.06, 0.17), 170 / s.sbp - 1),
             rr=min(r.uniform(6, 13), 27 - s.rr), spo2=0.6)
    s.enter(at + 80, 'symptom:anxious', 'symptom:tingling')


def anxious_start(s):
    r = s.rng
    d = r.uniform(300, 1100)
    dh, db, dr = min(r.uniform(14, 28), 108 - s.hr), min(r.uniform(0.08, 0.24), 170 / s.sbp - 1), r.uniform(1, 5)

    def f(t, v):
        k = math.exp(-t / d)
        v['hr'] += dh * k
        v['sbp'] += db * k
        v['rr'] += dr * k
    s.effect(f)


def niacin(s):
    r = s.rng
    at = START + r.randint(240, 900)
    s.change(at, 120, at + 700, 300, hr=r.uniform(5, 14), sbp=-r.uniform(0.02, 0.08), pi=0.4)
    s.enter(at + 60, 'symptom:' + r.choice(['heat', 'flushing']))


def mg_warm(s):
    r = s.rng
    s.use(r.choice(['myers_bag', 'mg_addon']))
    at = START + r.randint(120, 500)
    s.change(at, 200, at + 900, 300, hr=r.uniform(2, 9), sbp=-r.uniform(0.03, 0.09), pi=0.3)
    s.enter(at + 60, 'symptom:heat')
    s.enter(at + 300, 'symptom:cold_arm')


def toilet(s):
    r = s.rng
    at = START + r.randint(600, 1500)
    end = at + r.randint(180, 420)
    s.enter(at, 'nurse:toilet_break')
    s.lost['ox'] = s.lost['ecg'] = s.lost['cuff'] = [(at + 5, end)]
    s.motion += [(at - 5, at + 5), (end, end + 25)]
    s.change(at, 30, end + 20, 60, hr=r.uniform(14, 26), rr=5)
    s.change(end - 60, 20, end + 40, 120, sbp=-r.uniform(0.08, 0.16))
    s.allow(at - 10, end + 400, 'sensor_off_spo2,ecg_off,nibp_overdue,rr_off', 'LOW')


def sleep(s):
    r = s.rng
    at = START + r.randint(300, 900)
    s.n = 5400
    s.change(at, 900, s.n - 600, 120, hr=-min(r.uniform(8, 14), s.hr - 46), sbp=-r.uniform(0.08, 0.15), rr=-min(r.uniform(1.5, 3), s.rr - 9.8), spo2=-r.uniform(1, 2.4))
    if r.random() < 0.5:
        s.flags.append('osa')
        for k in range(r.randint(4, 14)):
            t = at + 900 + k * 180 + r.randint(0, 60)
            s.change(t, 25, t + 30, 20, spo2=-min(r.uniform(3, 7), s.spo2 - 87.5))


def cough(s):
    r = s.rng
    for _ in range(r.randint(2, 5)):
        at = START + r.randint(120, 2400)
        s.motion.append((at, at + r.randint(5, 25)))
        s.change(at, 5, at + 30, 40, hr=r.uniform(8, 18), sbp=0.06)
    if r.random() < 0.3:
        s.enter(START + 900, 'symptom:cough')


def cold_hand(s):
    r = s.rng
    s.pi = r.uniform(0.25, 0.45)
    at = START + r.randint(300, 900)
    s.change(at, 200, at + 1200, 200, pi=-0.35, spo2=-r.uniform(0, 2.5))
    s.allow(at, s.n, 'desaturation,sensor_off_spo2', 'LOW')
    s.enter(at + 60, 'symptom:cold')


def same_arm(s):
    s.arms = ['left', 'left', 'right'] if s.rng.random() < 0.5 else ['right', 'left', 'right']
    s.allow(0, s.n, 'sensor_off_spo2', 'LOW')


def odd_cuff(s):
    r = s.rng
    k = r.randint(1, 5)
    at = 360 + k * s.interval
    s.odd_cuffs[at] = r.uniform(0.67, 0.80)
    s.extra_cuffs.append(at + r.randint(95, 150))
    s.allow(at - 60, at + 540, 'hypotension', 'MEDIUM')


def bag_change(s):
    r = s.rng
    at = START + r.randint(600, 1500)
    d = r.randint(60, 240)
    s.pump_plan = [(START, 'run', None), (at, 'pause', 0), (at + d, 'run', None)]
    s.enter(at, 'nurse:bag_change')
    s.motion.append((at + 10, at + 40))


def flush(s):
    r = s.rng
    at = START + r.randint(600, 1500)
    s.pump_plan = [(START, 'run', None), (at, 'run', 600), (at + 6, 'run', None)]


def ket_expected(s):
    r = s.rng
    s.use(r.choice(['ketamine', 'ketamine_4h']))
    at = START + r.randint(180, 420)
    s.n = 4500
    s.change(at, 1100, at + 2500, 900, sbp=min(r.uniform(0.10, 0.2), 162 / s.sbp - 1), hr=r.uniform(4, 14), rr=-r.uniform(0, 1.8))
    s.enter(at + 500, 'symptom:floating')


def warm_blanket(s):
    r = s.rng
    s.temp_mode = 'cont'
    s.temp = r.uniform(36.6, 37.3)
    s.n = 5400
    s.change(900, 2400, None, temp=r.uniform(0.4, 0.75), hr=3)


def cold_room(s):
    s.enter(START + s.rng.randint(200, 900), 'symptom:' + s.rng.choice(['chills', 'cold']))
    s.change(START, 1200, None, temp=-0.2)
    s.allow(START, s.n, 'febrile_check', 'LOW')


def arm_bend(s):
    r = s.rng
    for _ in range(r.randint(1, 6)):
        at = START + r.randint(60, 2400)
        d, up = r.randint(8, 28), r.uniform(70, 180)
        s.press_effects.append(lambda t, q, at=at, d=d, up=up: up * ramp(t, at, 3) * (1 - ramp(t, at + d, 3)))


def damped(s):
    r = s.rng
    s.abp = True
    at = START + r.randint(300, 1200)
    s.lost['abp_damp'] = [(at, at + r.randint(30, 300))]
    s.lost['abp_flush'] = [(at + 600, at + 605)]


def exercise(s):
    r = s.rng
    at = START + r.randint(600, 1500)
    s.change(at, 40, at + 90, 200, hr=r.uniform(18, 32), rr=r.uniform(4, 8), sbp=0.1)
    s.motion.append((at, at + 60))


def pain(s):
    r = s.rng
    at = START + r.randint(300, 1200)
    s.change(at, 30, at + 240, 200, hr=r.uniform(10, 20), sbp=r.uniform(0.1, 0.2), rr=3)
    s.enter(at + 30, 'symptom:headache')


def position(s):
    r = s.rng
    at = START + r.randint(300, 1200)
    s.change(at, 20, at + 90, 120, hr=r.uniform(10, 20), sbp=-r.uniform(0.06, 0.14))
    s.motion.append((at, at + 12))


def patient(s):
    """Nobody's average."""
    r = s.rng
    kind = r.choice(['athlete', 'copd', 'hypertensive', 'small', 'old', 'beta', 'anxious', 'irregular', 'noisy'])
    if kind == 'athlete':
        s.hr, s.age = r.uniform(48, 54), r.randint(22, 45)
    elif kind == 'copd':
        s.flags.append('copd')
        s.spo2, s.rr = r.uniform(89.5, 93), r.uniform(16, 19)
    elif kind == 'hypertensive':
        s.flags.append('hypertension')
        s.sbp, s.dbp = r.uniform(145, 162), r.uniform(84, 94)
    elif kind == 'small':
        s.sbp, s.dbp, s.weight, s.sex = r.uniform(93, 102), r.uniform(54, 61), r.randint(44, 52), 'F'
    elif kind == 'old':
        s.age, s.spo2 = r.randint(76, 90), r.uniform(94, 96)
    elif kind == 'beta':
        s.flags.append('beta_blocker')
        s.hr = r.uniform(52, 62)
    elif kind == 'anxious':
        anxious_start(s)
    elif kind == 'irregular':
        s.flags.append('af')
        s.hr = r.uniform(72, 92)
        s.noise = 1.4
    elif kind == 'noisy':
        s.noise = 1.5
    return kind


HAZARDS = [
    (10, 'anaphylaxis', lambda s: reaction(s)), (5, 'reaction_slow', lambda s: reaction(s, 'slow')),
    (6, 'reaction_normotensive', lambda s: reaction(s, 'normotensive')), (5, 'reaction_beta', lambda s: reaction(s, 'beta')),
    (4, 'reaction_no_resp', lambda s: reaction(s, 'no_resp')), (3, 'reaction_biphasic', lambda s: reaction(s, 'biphasic')),
    (4, 'cutaneous', cutaneous), (6, 'febrile', febrile), (6, 'mg_error', mg_fall), (6, 'mg_soft', lambda s: mg_fall(s, False)),
    (6, 'hypermag', hypermag), (6, 'overload', overload), (4, 'overload_slow', lambda s: overload(s, 'slow')),
    (3, 'overload_flash', lambda s: overload(s, 'flash')), (3, 'overload_plain', lambda s: overload(s, 'plain')),
    (3, 'overload_beta', lambda s: overload(s, 'beta')), (2, 'volume', volume), (5, 'ketamine_bp', ketamine_bp),
    (6, 'ketamine_sedation', ketamine_sedation), (2, 'agitation', agitation), (6, 'vasovagal', vasovagal),
    (3, 'vasovagal_cannulation', lambda s: vasovagal(s, 'cannulation')), (3, 'vasovagal_anxious', lambda s: vasovagal(s, 'anxious')),
    (4, 'lidocaine_cns', lidocaine), (4, 'lidocaine_heart', lambda s: lidocaine(s, 'heart')), (4, 'infiltration', infiltration),
    (3, 'infiltration_symptom', lambda s: infiltration(s, 'symptom')), (4, 'occlusion', occlusion), (8, 'rate_error', rate_error),
] + [(2, k, (lambda k: lambda s: plain(s, k))(k)) for k in
     ('desaturation', 'svt', 'tachycardia', 'bradycardia', 'hypertension', 'hypotension', 'resp_low', 'chest', 'sugar')] + \
    [(1.3, 'tech_' + k, (lambda k: lambda s: technical(s, k))(k)) for k in ('link_monitor', 'link_pump', 'spo2', 'ecg', 'nibp', 'frozen')]

ALIKES = [anxiety, anxiety, niacin, mg_warm, toilet, toilet, sleep, sleep, cough, cold_hand, same_arm, odd_cuff, odd_cuff, bag_change, flush,
          ket_expected, ket_expected, warm_blanket, cold_room, arm_bend, damped, exercise, pain, position, anxious_start]
CHAIRS = [(34, 'full'), (20, 'no_symptoms'), (10, 'late_symptoms'), (12, 'slow_cuff'), (10, 'no_ecg'), (5, 'no_spo2'), (4, 'no_rr')]


def pick(rng, table):
    x = rng.uniform(0, sum(t[0] for t in table))
    for t in table:
        x -= t[0]
        if x <= 0:
            return t
    return table[-1]


AWAKE = {'anxiety', 'exercise', 'toilet', 'pain', 'position', 'cough', 'anxious_start'}


def choose(rng):
    """One to three that one patient can have at a time: nobody sleeps in a panic."""
    picked = []
    for f in rng.sample(ALIKES, rng.choice([1, 1, 2, 2, 3])):
        names = {g.__name__ for g in picked}
        if f.__name__ in names or (f.__name__ == 'sleep' and names & AWAKE) or ('sleep' in names and f.__name__ in AWAKE):
            continue
        if f.__name__ == 'sleep' and 'ket_expected' in names or f.__name__ == 'ket_expected' and 'sleep' in names:
            continue  # asleep with falling saturation on ketamine is no look-alike
        if f.__name__ in AWAKE and len(names & AWAKE) > 0:
            continue
        picked.append(f)
    return picked


def make(seed, i):
    rng = random.Random(f'{seed}/{i}')
    chair = pick(rng, CHAIRS)[1]
    s = Session(f'{seed}_{i:04d}', f'{seed}/{i}/s', chair)
    s.n = rng.choice([2700, 3000, 3600, 4500])
    story = []
    if rng.random() < 0.35:
        story.append(patient(s))
    if rng.random() < 0.56:
        _, name, f = pick(rng, HAZARDS)
        if chair == 'no_spo2' and name in ('desaturation', 'tech_spo2', 'tech_frozen', 'reaction_normotensive') or chair == 'no_ecg' and name in ('tech_ecg', 'tech_frozen'):
            name, f = 'anaphylaxis', lambda s: reaction(s)
        if chair == 'no_rr' and name in ('ketamine_sedation', 'resp_low', 'hypermag', 'tech_frozen'):
            name, f = 'vasovagal', vasovagal
        story.append(name)
        f(s)
        if rng.random() < 0.25:
            story.append('same_arm')
            same_arm(s)
    else:
        for f in choose(rng):
            story.append(f.__name__)
            f(s)
        if s.klass == 'uneventful':
            s.klass = 'lookalike'
    s.story = '+'.join(story)
    s.allow(START, s.n, 'volume_limit', 'MEDIUM')
    return s


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument('--part', choices=['dev', 'kept'], required=True, help='dev was looked at while the rules were mended; kept was not')
    parser.add_argument('--sessions', type=int, default=400)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--out', required=True)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    for i in range(args.first, args.first + args.sessions):
        make(args.part, i).write(args.out)


if __name__ == '__main__':
    main()
