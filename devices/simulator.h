/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/sim/patient.h"

#include <stddef.h>
#include <stdint.h>

/* Simulated instruments that speak the real wire formats, one const descriptor
 * each, one table (devices/simulators.c). Like a driver, a simulator owns no
 * port and no clock: chairside-sim and the tests carry its bytes.
 *
 * A simulator is honest: it shows every state that the real thing shows (sensor
 * off, invalid markers, alarms, a torn first message) and it answers only what
 * the real thing would answer. Faults of the line (dropped, flipped, delayed,
 * torn bytes) are injected outside, in chairside-sim, alike for all.
 *
 * C library only. */

typedef struct _ChsSimOut ChsSimOut;
struct _ChsSimOut {
  void (*write) (ChsSimOut *out, const uint8_t *bytes, size_t n); /* towards the host */
  void *user;
};

typedef struct _ChsSimulator ChsSimulator;
struct _ChsSimulator {
  const char *driver_id;  /* id of the driver it feeds */
  const char *label;
  uint32_t    state_size; /* zeroed before start */

  /* As ChsDriver.bind. NULL for those of the table. */
  void (*bind) (void *state, const ChsSimulator *simulator);
  /* One option: "--set key=value". Returns false for an unknown key or a bad value. May be NULL. */
  bool (*option) (void *state, const char *key, const char *value);
  /* @seed makes two runs alike. */
  void (*start) (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us);
  /* Called at least every 20 ms of simulated time; sends what is due. */
  void (*tick) (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out);
  /* Bytes from the host. NULL: a listener would hear nothing. */
  void (*feed) (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out);
};

/**
 * chs_simulators:
 * @n: (out) (optional): how many
 *
 * Returns: (transfer none): all simulators, NULL-terminated
 */
const ChsSimulator *const *chs_simulators (unsigned *n);

/**
 * chs_simulator_find:
 * @driver_id: id of the driver whose instrument is wanted
 *
 * Returns: (nullable): the simulator
 */
const ChsSimulator *chs_simulator_find (const char *driver_id);
