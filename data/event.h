/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/alarm.h"
#include "data/param.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Events: everything that happens at a chair, in one order.
 *
 * An event is a plain value. It owns nothing: a wave block, raw bytes and a
 * configuration text are borrowed through a pointer that is valid for the
 * duration of the call it is passed in; whoever keeps an event copies the bytes
 * (the journal and the queues do). All other text is held in place, NUL
 * terminated, cut at a character boundary when too long.
 *
 * Two clocks. @t_us is the session's monotonic time and the only time that a
 * rule, a delay or a silence may use. @wall_us is UTC and is for people and
 * files. They are tied by CLOCK events; between two of them the difference is
 * constant.
 *
 * Absent is not zero: an unknown number is NAN with quality ABSENT (numerics) or
 * NAN (fields of a struct).
 *
 * C library only: codecs, drivers and the engine use it without GLib. */

#define CHS_TIME_NONE INT64_MIN /* "not known" for a time in microseconds */

typedef enum {
  CHS_EVENT_NONE = 0,
  CHS_EVENT_NUMERIC, /* one value of one parameter */
  CHS_EVENT_WAVE,    /* a block of samples of one wave */
  CHS_EVENT_PUMP,    /* complete status of one pump channel */
  CHS_EVENT_LINK,    /* a link came up, fell silent, was lost */
  CHS_EVENT_DEVICE,  /* a condition told by an instrument: identity, sensor off, its own alarm, demo mode */
  CHS_EVENT_NURSE,   /* somebody touched something */
  CHS_EVENT_SETUP,   /* one key of the session set to a value: patient, therapy, limit */
  CHS_EVENT_CONFIG,  /* a whole configuration text in force: profile, therapy, chair */
  CHS_EVENT_ALARM,   /* output of the engine: an alarm condition changed */
  CHS_EVENT_TICK,    /* one second passed */
  CHS_EVENT_CLOCK,   /* wall clock stepped, or the recording resumed: a seam */
  CHS_EVENT_RAW,     /* bytes of a link, for the recording only; the engine never sees them */
  CHS_EVENT_STATE,   /* a condition of the monitor itself: sound, storage, screen, lag */
  CHS_N_EVENTS
} ChsEventType;

/* Quality travels with each sample to the tile and to the rules. */
typedef enum {
  CHS_QUALITY_OK = 0,
  CHS_QUALITY_QUESTIONABLE, /* the device doubts it: motion, low perfusion, out of calibration */
  CHS_QUALITY_INVALID,      /* the device says that it must not be used; value kept for the technician */
  CHS_QUALITY_ABSENT,       /* no value: sensor off, searching; value is NAN */
} ChsQuality;

/* Flags beside the quality. */
enum {
  CHS_FLAG_DEMO = 1 << 0,        /* the device is in demonstration mode */
  CHS_FLAG_CALIBRATING = 1 << 1, /* calibrating or zeroing */
  CHS_FLAG_LOW_SIGNAL = 1 << 2,  /* low perfusion, weak signal */
  CHS_FLAG_MOTION = 1 << 3,
  CHS_FLAG_ESTIMATED = 1 << 4, /* computed by us from the last known state, not measured */
};

/* How well the time of a spot measurement (a cuff reading) is known. */
typedef enum {
  CHS_TIME_MARK_STREAM = 0, /* a running value: it is of now */
  CHS_TIME_MARK_EXACT,      /* the device told when */
  CHS_TIME_MARK_ESTIMATED,  /* seen to change: taken at about @t_us */
  CHS_TIME_MARK_UNKNOWN,    /* first seen after connecting; may be hours old */
} ChsTimeMark;

/* One value. NIBP is an event, not a stream: a driver emits SYS, DIA, MEAN (and
 * PR) once per measurement, in that order, with the same @meas_us. */
typedef struct {
  uint8_t  param;     /* ChsParam */
  uint8_t  quality;   /* ChsQuality */
  uint8_t  flags;     /* CHS_FLAG_* */
  uint8_t  time_mark; /* ChsTimeMark */
  double   value;     /* in the parameter's unit; NAN when ABSENT */
  int64_t  meas_us;   /* session time at which it was measured; CHS_TIME_NONE = same as t_us */
} ChsNumeric;

#define CHS_WAVE_ABSENT INT16_MIN /* a sample that the device did not deliver or marked invalid */

typedef struct {
  uint8_t        param;   /* ChsParam, a wave */
  uint8_t        flags;   /* CHS_FLAG_* */
  uint16_t       n;       /* samples in the block; the last one is of @t_us */
  float          rate_hz; /* samples a second */
  float          scale;   /* value = offset + scale * sample, in the parameter's unit */
  float          offset;
  const int16_t *samples; /* borrowed */
} ChsWave;

typedef enum {
  CHS_PUMP_UNKNOWN = 0,
  CHS_PUMP_OFF,
  CHS_PUMP_READY, /* stopped, nothing started yet */
  CHS_PUMP_INFUSING,
  CHS_PUMP_BOLUS,
  CHS_PUMP_KVO,
  CHS_PUMP_PAUSED, /* stopped in the middle of a therapy */
  CHS_PUMP_STANDBY,
  CHS_PUMP_PRIMING,
  CHS_PUMP_COMPLETE,
  CHS_PUMP_ALARM,   /* stopped by its own alarm */
  CHS_PUMP_REMOVED, /* channel went away while the rack still answers */
  CHS_N_PUMP_STATES
} ChsPumpState;

/* The pump's own alarms, a bit set. */
enum {
  CHS_PUMP_ALARM_OCCLUSION = 1u << 0,
  CHS_PUMP_ALARM_UPSTREAM = 1u << 1,
  CHS_PUMP_ALARM_AIR = 1u << 2,
  CHS_PUMP_ALARM_DROP = 1u << 3,
  CHS_PUMP_ALARM_FREE_FLOW = 1u << 4,
  CHS_PUMP_ALARM_DOOR = 1u << 5,
  CHS_PUMP_ALARM_SYRINGE = 1u << 6,
  CHS_PUMP_ALARM_EMPTY = 1u << 7,
  CHS_PUMP_ALARM_NEAR_END = 1u << 8,
  CHS_PUMP_ALARM_END_VTBI = 1u << 9,
  CHS_PUMP_ALARM_END_TIME = 1u << 10,
  CHS_PUMP_ALARM_KVO_END = 1u << 11,
  CHS_PUMP_ALARM_STANDBY_END = 1u << 12,
  CHS_PUMP_ALARM_BATTERY_LOW = 1u << 13,
  CHS_PUMP_ALARM_BATTERY_EMPTY = 1u << 14,
  CHS_PUMP_ALARM_FAULT = 1u << 15,
  CHS_PUMP_ALARM_COMMUNICATION = 1u << 16,
  CHS_PUMP_ALARM_OTHER = 1u << 17,
  CHS_PUMP_ALARM_UNREADABLE = 1u << 18, /* the pump sent an alarm field that we cannot read */
};
#define CHS_N_PUMP_ALARMS 19

typedef enum {
  CHS_RATE_KIND_DELIVERED = 0, /* what flows now; 0 while stopped */
  CHS_RATE_KIND_PROGRAMMED,    /* what is set; flows only while infusing */
} ChsRateKind;

/* Superset of what pumps tell (shared/protocols/pumps-README.md). One event carries
 * the whole status of one channel. A field that the pump did not tell is NAN or "". */
typedef struct {
  uint8_t  state;         /* ChsPumpState */
  uint8_t  rate_kind;     /* ChsRateKind */
  uint8_t  time_kind;     /* 0 reported by the pump, 1 calculated by us */
  uint8_t  pressure_unit; /* ChsUnit: MMHG, PERCENT_LIMIT or STEP */
  uint32_t alarms;        /* CHS_PUMP_ALARM_* */
  double   rate_ml_h;
  double   volume_ml;   /* infused, as the pump counts it; may be reset at the pump */
  double   vtbi_ml;     /* volume to be infused as set */
  double   remaining_s; /* to the end of the infusion */
  double   pressure;    /* in pressure_unit */
  double   battery_min; /* time left on battery */
  int8_t   on_mains;    /* 1 yes, 0 no, -1 unknown */
  char     slot[8];     /* where it sits: "1/1", "A" */
  char     model[24];
  char     serial[20]; /* identity of the instrument */
  char     drug[40];   /* as the pump's own drug library calls it; UTF-8 */
  char     text[40];   /* the pump's own words or code for its alarm; UTF-8 */
} ChsPumpStatus;

typedef enum {
  CHS_LINK_CLOSED = 0, /* not opened yet, or closed on purpose */
  CHS_LINK_CONNECTING, /* open, no valid frame so far */
  CHS_LINK_UP,         /* valid frames arrive */
  CHS_LINK_SILENT,     /* open, but no valid frame for the driver's silence_ms */
  CHS_LINK_LOST,       /* the port is gone: unplugged, closed by the other end, I/O error */
  CHS_LINK_FAILED,     /* cannot be opened; tried again with back-off */
} ChsLinkState;

typedef struct {
  uint8_t state; /* ChsLinkState */
  uint8_t kind;  /* ChsDeviceKind of the driver (devices/driver.h): 0 monitor, 1 pump */
  char    name[24];    /* name of the link in the configuration: "monitor", "pump1" */
  char    driver[24];  /* driver id */
  char    reason[96];  /* why, in English, for the technician; "" when up */
} ChsLinkStatus;

typedef enum {
  CHS_DEVICE_IDENTITY = 1, /* text: "vendor model serial"; a change in a session is an alarm */
  CHS_DEVICE_DEMO,         /* value 1 on, 0 off */
  CHS_DEVICE_SENSOR_OFF,   /* param; value 1 off, 0 on again */
  CHS_DEVICE_ALARM,        /* the monitor's own alarm began (value 1) or ended (0); text: its words */
  CHS_DEVICE_NIBP_START,   /* cuff inflates */
  CHS_DEVICE_NIBP_FAILED,  /* a determination failed; text: reason */
  CHS_DEVICE_RESTART,      /* instrument was restarted: its clock or counters began again */
  CHS_DEVICE_REMOVED,      /* a pump was taken out of the rack; text: slot */
  CHS_DEVICE_TEXT,         /* any other message worth keeping */
  CHS_DEVICE_FROZEN,       /* stream goes on but its own clock or counter stands still */
  CHS_DEVICE_BENCH,        /* a laboratory instrument, or none that is a medical device: its values are marked as such */
} ChsDeviceCode;

typedef struct {
  uint8_t code;     /* ChsDeviceCode */
  uint8_t param;    /* ChsParam, or NONE */
  uint8_t priority; /* ChsPriority as the device gives it, for ALARM; NONE = unknown */
  double  value;    /* see the code; NAN = none */
  char    text[96];
} ChsDeviceCondition;

typedef enum {
  CHS_NURSE_ACK = 1,         /* what: label id, or "" for every active condition */
  CHS_NURSE_AUDIO_PAUSE,     /* value: seconds */
  CHS_NURSE_AUDIO_RESUME,    /* ends a pause early */
  CHS_NURSE_MARK,            /* text free */
  CHS_NURSE_SYMPTOM,         /* what: symptom id (shared/clinical.md section 10) */
  CHS_NURSE_SYMPTOM_CLEAR,   /* what: symptom id; it has gone */
  CHS_NURSE_SYMPTOM_UNDO,    /* what: symptom id; it was a wrong tap */
  CHS_NURSE_BREAK,           /* value: 1 begins, 0 ends; sensor alarms held */
  CHS_NURSE_BASELINE,        /* accept the present values as baseline */
  CHS_NURSE_PHASE,           /* what: phase id (app/session.h) */
  CHS_NURSE_REACTION,        /* value: 1 begins, 0 ends */
  CHS_NURSE_DONE,            /* what: rate_reduced, stop_infusion, legs_raised, bag_change, cannulation, observe, temp ... */
  CHS_NURSE_SCORE,           /* what: pain_before, fatigue_after, sedation, phlebitis ...; value */
  CHS_NURSE_SITE_CHECK,      /* what: ok or a finding */
  CHS_NURSE_ALARM_USEFUL,    /* what: label id; value: 1 yes, 0 no, 2 artefact */
  CHS_NURSE_NOTE,            /* text */
  CHS_NURSE_CORRECTION,      /* value: seq of the event corrected; at_us: when it really was, none = taken back; what, text: why (app/correction.h) */
  CHS_NURSE_SELF_TEST,       /* value: 1 heard, 0 not heard */
  CHS_NURSE_AUDIO_OFF,       /* value: 1 begins, 0 ends; technician */
  CHS_NURSE_ALARM_PAUSE,     /* value: seconds, 0 ends; before a session only */
  CHS_NURSE_ALARM_OFF,       /* what: parameter ("HR"); value: 1 off, 0 on again; technician */
} ChsNurseAction;

typedef struct {
  uint8_t action; /* ChsNurseAction */
  int64_t at_us;  /* session time that is meant; CHS_TIME_NONE = t_us. Never in the future */
  double  value;  /* see the action; NAN = none */
  char    what[32];
  char    who[16];  /* operator, "" = not told */
  char    text[96]; /* free text */
} ChsNurse;

/* One key of the session. Keys: app/session.h, app/therapy.h. */
typedef struct {
  char key[40];    /* "patient.weight_kg" */
  char value[120]; /* "70"; numbers in the C locale */
} ChsSetup;

/* A whole configuration text in force from here on. */
typedef struct {
  char        name[24]; /* "profile", "therapy", "chair"; "described:NAME", the key file of an instrument, under its driver's id */
  uint32_t    n;        /* bytes of @text */
  const char *text;     /* borrowed; not NUL terminated */
} ChsConfigText;

/* A transition of one alarm condition. Everything a log needs to explain itself
 * years later without the rule table of its day is held as text. */
typedef struct {
  uint8_t  action;   /* ChsAlarmAction */
  uint8_t  label;    /* ChsLabel */
  uint8_t  priority; /* ChsPriority after the transition */
  uint8_t  param;    /* ChsParam that @value is of; NONE = none */
  uint8_t  demo;     /* 1: rests on demonstration data */
  uint8_t  cause_source;  /* source of the pump in the cause line */
  uint8_t  cause_channel; /* its channel */
  uint32_t id;       /* counts up with each raise in a session; escalate, ack, clear carry the same */
  int64_t  onset_us; /* session time at which the condition began (before the delay) */
  double   value;    /* what was seen; NAN = none */
  double   baseline; /* NAN = none */
  double   limit;    /* NAN = none */
  int64_t  cause_us; /* session time of the infusion change that preceded; CHS_TIME_NONE = none */
  double   cause_from_ml_h;
  double   cause_to_ml_h;
  char     rule[24];      /* id of the rule */
  char     evidence[112]; /* ids that were true, comma separated: "E-BP30,E-CONF,C-MG" */
  char     missing[64];   /* ids that were unknown: "SPO2,NIBP" */
  char     also[64];      /* runner-up labels, comma separated */
} ChsAlarm;

typedef enum {
  CHS_CLOCK_STEP = 1, /* wall clock was set: step_us */
  CHS_CLOCK_RESUME,   /* the monitor was restarted; step_us: length of the hole in session time */
  CHS_CLOCK_ZONE,     /* offset from UTC changed (DST) */
} ChsClockCode;

typedef struct {
  uint8_t code; /* ChsClockCode */
  int16_t utc_offset_min;
  int64_t step_us;
} ChsClockSeam;

typedef enum {
  CHS_STATE_SOUND = 1, /* value 1 usable, 0 not; text: why */
  CHS_STATE_STORAGE,   /* value 1 good, 0 failing; text: why */
  CHS_STATE_SCREEN,    /* value 1 attached and answering, 0 lost */
  CHS_STATE_LAG,       /* value: seconds the engine is behind */
  CHS_STATE_PROFILE,   /* value 1 the clinic's alarm profile is in force, 0 it was refused and the built-in one is; text: why */
  CHS_STATE_LIBRARY,   /* value 1 the therapy library is whole, 0 it was refused: no therapy can be chosen; text: why */
  CHS_STATE_ROOM,      /* for recordings, value as ChsRoom: 2 enough, 1 low, 0 full; text: days and bytes that are left */
  CHS_STATE_CLOCK,     /* value 1 the wall clock was set, 0 it is before this program was made */
} ChsStateCode;

typedef struct {
  uint8_t code; /* ChsStateCode */
  double  value;
  char    text[96];
} ChsMonitorState;

typedef struct {
  uint8_t        from_host; /* 1: sent by us to the instrument, 0: received */
  uint32_t       n;
  const uint8_t *bytes; /* borrowed */
} ChsRaw;

typedef struct {
  uint64_t seq;     /* 1, 2, 3 ... in a recording; 0 = not journalled yet */
  int64_t  t_us;    /* session monotonic time, 0 at the start of the recording */
  int64_t  wall_us; /* UTC, microseconds since 1970 */
  uint8_t  type;    /* ChsEventType */
  uint8_t  source;  /* number of the link, 1..250; 0 = the monitor itself, 255 = the nurse */
  uint8_t  channel; /* of a source with several: pump in a rack, 0.. */
  union {
    ChsNumeric         numeric;
    ChsWave            wave;
    ChsPumpStatus      pump;
    ChsLinkStatus      link;
    ChsDeviceCondition device;
    ChsNurse           nurse;
    ChsSetup           setup;
    ChsConfigText      config;
    ChsAlarm           alarm;
    ChsClockSeam       clock;
    ChsRaw             raw;
    ChsMonitorState    state;
  };
} ChsEvent;

#define CHS_SOURCE_MONITOR 0
#define CHS_SOURCE_NURSE 255

_Static_assert (sizeof (ChsEvent) <= 400, "an event is copied by value; keep it small");

/**
 * chs_event_type_id:
 * @type: a type
 *
 * Returns: "numeric", "wave", "pump" ...; "" outside the enum
 */
const char *chs_event_type_id (ChsEventType type);

/**
 * chs_quality_id:
 * @quality: a quality
 *
 * Returns: "ok", "questionable", "invalid" or "absent"
 */
const char *chs_quality_id (ChsQuality quality);

/**
 * chs_pump_state_id:
 * @state: a state
 *
 * Returns: "infusing", "paused" ...; "unknown" outside the enum
 */
const char *chs_pump_state_id (ChsPumpState state);

/**
 * chs_pump_alarm_id:
 * @bit: 0 .. %CHS_N_PUMP_ALARMS - 1
 *
 * Returns: "occlusion", "air" ...; "" outside
 */
const char *chs_pump_alarm_id (unsigned bit);

/**
 * chs_link_state_id:
 * @state: a state
 *
 * Returns: "closed", "connecting", "up", "silent", "lost" or "failed"
 */
const char *chs_link_state_id (ChsLinkState state);

/**
 * chs_nurse_action_id:
 * @action: an action
 *
 * Returns: "ack", "audio_pause", "symptom" ...; "" outside the enum
 */
const char *chs_nurse_action_id (ChsNurseAction action);

/**
 * chs_device_code_id:
 * @code: a code
 *
 * Returns: "identity", "sensor_off" ...; "" outside the enum
 */
const char *chs_device_code_id (ChsDeviceCode code);

/**
 * chs_numeric:
 * @param: what
 * @value: in the parameter's unit; NAN makes it ABSENT
 *
 * Returns: a numeric event of quality OK (or ABSENT), a stream value; times, source and seq are zero
 */
ChsEvent chs_numeric (ChsParam param, double value);

/**
 * chs_pump_status_init:
 * @status: (out): to be cleared
 *
 * Sets every number to NAN, every text to "", the state to unknown.
 */
void chs_pump_status_init (ChsPumpStatus *status);

/**
 * chs_pump_is_delivering:
 * @status: a status
 *
 * Returns: whether fluid flows: infusing, bolus or KVO
 */
bool chs_pump_is_delivering (const ChsPumpStatus *status);

/**
 * chs_pump_flow_ml_h:
 * @status: a status
 *
 * Returns: what flows now in mL/h: the rate while delivering, 0 while the pump says that it stands, NAN when
 *   the rate or the state is unknown
 */
double chs_pump_flow_ml_h (const ChsPumpStatus *status);

/**
 * chs_text_copy:
 * @dst: (out): buffer
 * @size: bytes of @dst, at least 1
 * @src: (nullable): UTF-8 text; need not be valid
 *
 * Copies as much as fits, always NUL terminated, cut at a character boundary; control characters become blanks,
 * bytes that are not UTF-8 become "?".
 *
 * Returns: whether all of @src fitted
 */
bool chs_text_copy (char *dst, size_t size, const char *src);
