// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once

namespace abscopal {

inline constexpr int store_application_id = 0x41425343;  // "ABSC"
inline constexpr int store_format = 3;

/// The tables of DIR/run.sqlite. Times are days from the start of treatment unless said otherwise. A failed
/// or censored thing is NULL with a status beside it, never a made-up number. Views at the end are for people
/// with R, Python or DuckDB.
inline constexpr const char* store_schema = R"sql(
CREATE TABLE manifest(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE trial(json TEXT NOT NULL);
CREATE TABLE model_files(position INTEGER PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE parameters(position INTEGER PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE arms(position INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE observables(position INTEGER PRIMARY KEY, id TEXT NOT NULL, label TEXT NOT NULL, unit TEXT NOT NULL);
CREATE TABLE record_days(position INTEGER PRIMARY KEY, day REAL NOT NULL);
CREATE TABLE head_checksum(checksum TEXT NOT NULL);

-- One row a drawn candidate; diagnosis_day and time count from the start of growth. step: the last one taken, days; level: of
-- the retry ladder, 0 as configured, 1 a small first step, 2 and 3 tighter tolerances, 4 the reference.
CREATE TABLE candidates(candidate INTEGER PRIMARY KEY, fate TEXT NOT NULL, reason TEXT NOT NULL, diagnosis_day REAL, weight REAL,
  status TEXT NOT NULL, time REAL, worst TEXT NOT NULL, steps INTEGER, rejected INTEGER, rhs_calls INTEGER, events INTEGER,
  step REAL, level INTEGER);
CREATE TABLE draws(candidate INTEGER, parameter INTEGER, value REAL, PRIMARY KEY(candidate, parameter)) WITHOUT ROWID;

-- One row a treated patient and arm. pfs_day is an event if progressed = 1, else a censoring time.
CREATE TABLE courses(candidate INTEGER, arm INTEGER, status TEXT NOT NULL, time REAL, worst TEXT NOT NULL, steps INTEGER,
  rejected INTEGER, rhs_calls INTEGER, events INTEGER, baseline REAL, best TEXT NOT NULL, pfs_day REAL, progressed INTEGER NOT NULL,
  off_treatment_day REAL, death_day REAL, cause TEXT NOT NULL, last_day REAL, new_therapy_day REAL,
  step REAL, level INTEGER, PRIMARY KEY(candidate, arm)) WITHOUT ROWID;
CREATE TABLE visits(candidate INTEGER, arm INTEGER, visit INTEGER, day REAL, sum_of_diameters REAL, response TEXT NOT NULL,
  planned REAL, PRIMARY KEY(candidate, arm, visit)) WITHOUT ROWID;
-- A visit as a reader (0 investigator, 1 blinded review) saw it. diameters: a JSON array by lesion, null: not assessed.
CREATE TABLE reads(candidate INTEGER, arm INTEGER, visit INTEGER, reader INTEGER, diameters TEXT NOT NULL, sum REAL, nadir REAL,
  target TEXT NOT NULL, non_target TEXT NOT NULL, new_lesions INTEGER, overall TEXT NOT NULL, immune TEXT NOT NULL,
  PRIMARY KEY(candidate, arm, visit, reader)) WITHOUT ROWID;
CREATE TABLE lesions(candidate INTEGER, arm INTEGER, reader INTEGER, lesion INTEGER, role TEXT NOT NULL, organ TEXT NOT NULL,
  diameter REAL, is_nodal INTEGER, PRIMARY KEY(candidate, arm, reader, lesion)) WITHOUT ROWID;
-- What a reader concludes; response_day is the first that counts.
CREATE TABLE judgements(candidate INTEGER, arm INTEGER, reader INTEGER, best TEXT NOT NULL, best_day REAL, response_day REAL,
  confirmed TEXT NOT NULL, confirmed_day REAL, confirmed_response_day REAL, immune_best TEXT NOT NULL, benefit INTEGER,
  confirmed_benefit INTEGER, depth REAL, PRIMARY KEY(candidate, arm, reader)) WITHOUT ROWID;
-- Times to event: PFS, PFSEMA, IPFS, OS, … An event if is_event = 1, else a censoring time.
CREATE TABLE endpoints(candidate INTEGER, arm INTEGER, reader INTEGER, endpoint TEXT NOT NULL, day REAL, is_event INTEGER,
  reason TEXT NOT NULL, PRIMARY KEY(candidate, arm, reader, endpoint)) WITHOUT ROWID;
CREATE TABLE adverse_events(candidate INTEGER, arm INTEGER, event INTEGER, toxicity INTEGER, grade INTEGER, onset REAL,
  end_day REAL, action TEXT NOT NULL, PRIMARY KEY(candidate, arm, event)) WITHOUT ROWID;
-- Treatment rules that fired; rule NULL: until = "progression".
CREATE TABLE decisions(candidate INTEGER, arm INTEGER, decision INTEGER, day REAL, rule INTEGER,
  PRIMARY KEY(candidate, arm, decision)) WITHOUT ROWID;
CREATE TABLE doses(candidate INTEGER, arm INTEGER, dose INTEGER, day REAL, planned REAL, drug TEXT NOT NULL, target TEXT NOT NULL,
  amount REAL, unit TEXT NOT NULL, per INTEGER, duration REAL, PRIMARY KEY(candidate, arm, dose)) WITHOUT ROWID;
-- series: a JSON array, one number (or null) for each of record_days.
CREATE TABLE records(candidate INTEGER, arm INTEGER, observable INTEGER, series TEXT NOT NULL,
  PRIMARY KEY(candidate, arm, observable)) WITHOUT ROWID;

-- What makes a torn store tell: one checksum a candidate over its rows above, one a block over those of its candidates.
CREATE TABLE checksums(candidate INTEGER PRIMARY KEY, checksum TEXT NOT NULL);
CREATE TABLE blocks(block INTEGER PRIMARY KEY, first INTEGER NOT NULL, n INTEGER NOT NULL, checksum TEXT NOT NULL);
-- When and on what it ran: beside the numbers, never compared.
CREATE TABLE sessions(session INTEGER PRIMARY KEY, started TEXT, ended TEXT, machine TEXT, threads INTEGER, git_commit TEXT,
  compiler TEXT);

CREATE VIEW patients AS
  SELECT candidate AS patient, diagnosis_day, weight FROM candidates WHERE fate = 'treated';
-- Who could not be followed to the end, and how to see why: DIR is the folder of this file.
CREATE VIEW failures AS
  SELECT candidate AS patient, NULL AS arm, status, time, worst, step, level, 'abscopal replay DIR --patient ' || candidate AS replay
  FROM candidates WHERE fate = 'failed'
  UNION ALL
  SELECT c.candidate, a.name, c.status, c.time, c.worst, c.step, c.level,
    'abscopal replay DIR --patient ' || c.candidate || ' --arm "' || a.name || '"'
  FROM courses c JOIN arms a ON a.position = c.arm WHERE c.status <> 'OK';
CREATE VIEW patient_parameters AS
  SELECT d.candidate AS patient, p.id AS parameter, d.value FROM draws d JOIN parameters p ON p.position = d.parameter;
CREATE VIEW responses AS
  SELECT c.candidate AS patient, a.name AS arm, c.status, c.baseline AS baseline_mm, c.best AS best_response, c.pfs_day,
    c.progressed, c.off_treatment_day, c.death_day, c.cause
  FROM courses c JOIN arms a ON a.position = c.arm;
CREATE VIEW assessments AS
  SELECT v.candidate AS patient, a.name AS arm, v.day, v.sum_of_diameters AS sum_mm, v.response
  FROM visits v JOIN arms a ON a.position = v.arm;
CREATE VIEW time_courses AS
  SELECT r.candidate AS patient, a.name AS arm, o.id AS observable, o.unit, d.day, j.value
  FROM records r JOIN arms a ON a.position = r.arm JOIN observables o ON o.position = r.observable
    JOIN json_each(r.series) j JOIN record_days d ON d.position = j.key;
)sql";

}  // namespace abscopal
