-- A database of the second schema, as version 0.2 writes it. Never changed: it is what users have.
PRAGMA application_id = 1380076622;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE attempts (
        id INTEGER NOT NULL PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        suite TEXT NOT NULL,
        target_id INTEGER NOT NULL REFERENCES targets (id),
        model_id INTEGER NOT NULL REFERENCES model_versions (id),
        probe TEXT NOT NULL,
        probe_fingerprint TEXT NOT NULL,
        sample INTEGER NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'rejected', 'faulted')),
        received_at TEXT NOT NULL,
        purged_at TEXT,
        redacted BOOLEAN NOT NULL,
        size INTEGER NOT NULL,
        digest TEXT,
        stop TEXT,
        stop_as_received TEXT,
        served_model TEXT,
        system_fingerprint TEXT,
        input_tokens INTEGER,
        output_tokens INTEGER,
        latency_seconds FLOAT,
        request_id TEXT,
        status INTEGER,
        culprit TEXT,
        fault_kind TEXT,
        hint TEXT,
        tool_calls TEXT,
        text TEXT
    , novelty TEXT, trace TEXT);
INSERT INTO "attempts" VALUES(1,1,'invoices',1,1,'a','fp',0,'answered','2026-11-22T12:00:00.000000+00:00',NULL,0,30,'657941c39dfce6880905fd5cadbea116d1f8eed59be86b6abe3beaa4fac06556','complete','stop','M1','fp_1',3,5,0.25,'req_1',NULL,NULL,NULL,NULL,'[["f", "{\"x\": 1}"]]','forty-two',NULL,NULL);
INSERT INTO "attempts" VALUES(2,1,'invoices',1,1,'a','fp',1,'answered','2026-11-22T12:00:00.000000+00:00',NULL,0,11,'aa5c564153445e0d83f024ca41b985abb6dbcfad19daebe80423a6145ae46efd','unknown','news','M1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'6E756C002068616C6620EDA080',NULL,NULL);
INSERT INTO "attempts" VALUES(3,1,'invoices',1,2,'b','fp',0,'rejected','2026-11-22T12:00:00.000000+00:00',NULL,0,11,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,400,'temperature',NULL,'unsupported',NULL,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(4,1,'invoices',1,2,'b','fp',1,'faulted','2026-11-22T12:00:00.000000+00:00',NULL,0,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,504,NULL,'timeout','slow',NULL,NULL,NULL,NULL);
INSERT INTO "attempts" VALUES(5,1,'invoices',1,1,'c','fp',0,'answered','2025-11-22T12:00:00.000000+00:00','2026-11-22T12:00:00.000000+00:00',0,0,'5cc2fe1098cba6099d92f0c6aac78815331ae62c2915211b027a55ce353b13d2','unstated',NULL,'M1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE model_versions (
        id INTEGER NOT NULL PRIMARY KEY,
        provider TEXT NOT NULL,
        requested TEXT NOT NULL,
        served TEXT NOT NULL,
        CONSTRAINT uq_model_versions UNIQUE (provider, requested, served)
    );
INSERT INTO "model_versions" VALUES(1,'p','alias','M1');
INSERT INTO "model_versions" VALUES(2,'p','alias','alias');
CREATE TABLE session_models (
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        model_id INTEGER NOT NULL REFERENCES model_versions (id),
        answered BOOLEAN NOT NULL,
        PRIMARY KEY (session_id, model_id)
    );
INSERT INTO "session_models" VALUES(1,1,1);
INSERT INTO "session_models" VALUES(1,2,0);
CREATE TABLE sessions (
        id INTEGER NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        suite TEXT NOT NULL,
        suite_version INTEGER NOT NULL,
        suite_fingerprint TEXT NOT NULL,
        target_id INTEGER NOT NULL REFERENCES targets (id),
        requested TEXT NOT NULL,
        sdk TEXT NOT NULL,
        api_version TEXT NOT NULL,
        tool TEXT NOT NULL,
        started_at TEXT NOT NULL
    );
INSERT INTO "sessions" VALUES(1,'s1','run','invoices',7,'suite-fp',1,'alias','sdk 1','v1','0.1','2026-11-22T12:00:00.000000+00:00');
CREATE TABLE targets (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        type TEXT NOT NULL,
        kind TEXT NOT NULL,
        settings TEXT NOT NULL,
        identity TEXT NOT NULL,
        CONSTRAINT uq_targets UNIQUE (name, fingerprint)
    );
INSERT INTO "targets" VALUES(1,'app','7f49a3a3d0e56f34','recorded','model','{"temperature":0}','{"build":"7"}');
CREATE INDEX ix_sessions_scope ON sessions (suite, target_id);
CREATE INDEX ix_session_models_model ON session_models (model_id);
CREATE UNIQUE INDEX uq_attempts_answered
        ON attempts (suite, target_id, model_id, probe, sample, probe_fingerprint)
        WHERE outcome = 'answered' AND purged_at IS NULL
    ;
CREATE UNIQUE INDEX uq_attempts_unanswered
        ON attempts (session_id, probe, sample, probe_fingerprint, model_id)
        WHERE outcome <> 'answered'
    ;
CREATE TABLE batches (
        id INTEGER NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        session_id INTEGER NOT NULL REFERENCES sessions (id),
        provider_id TEXT,
        submitted_at TEXT NOT NULL,
        collected_at TEXT
    );
CREATE INDEX ix_batches_session ON batches (session_id);
CREATE TABLE batch_items (
        batch_id INTEGER NOT NULL REFERENCES batches (id),
        custom_id TEXT NOT NULL,
        probe TEXT NOT NULL,
        probe_fingerprint TEXT NOT NULL,
        sample INTEGER NOT NULL,
        PRIMARY KEY (batch_id, custom_id)
    );
COMMIT;
