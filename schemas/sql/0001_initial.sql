-- The first schema of a project. The dialect is the one that SQLite and PostgreSQL share;
-- storage/db makes every table STRICT and, for another engine, would map INTEGER to BIGINT,
-- REAL to DOUBLE PRECISION, BLOB to BYTEA and the triggers at the end to its own.
--
-- Ids are random 63-bit integers. Spans are half-open, in frames of the take's reference
-- stream. Times are microseconds since 1970-01-01 UTC. References are checked at commit, so
-- that an edit may touch its rows in any order.

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The journal: append only, and the replay of it is the project.
CREATE TABLE edit_log (
    id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE CHECK (sequence > 0),
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')),
    target INTEGER REFERENCES edit_log (id),
    author TEXT NOT NULL CHECK (author <> ''),
    author_kind TEXT NOT NULL CHECK (author_kind IN ('person', 'import', 'simulation')),
    time INTEGER NOT NULL,
    title TEXT NOT NULL,
    changes TEXT NOT NULL,
    CHECK ((kind = 'edit') = (target IS NULL))
);

-- Holds the edit that is being written, within its transaction only.
CREATE TABLE open_edit (
    edit INTEGER PRIMARY KEY REFERENCES edit_log (id)
);

CREATE TABLE performer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE take (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    choreography TEXT,
    music TEXT,
    view TEXT,
    setup TEXT
);

CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    take INTEGER NOT NULL REFERENCES take (id) DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER REFERENCES performer (id) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('video', 'depth', 'skeleton', 'audio')),
    role TEXT NOT NULL CHECK (role IN ('reference', 'aligned')),
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    frames INTEGER NOT NULL CHECK (frames >= 0),
    rate_numerator INTEGER NOT NULL,
    rate_denominator INTEGER NOT NULL CHECK (rate_denominator > 0),
    offset_seconds REAL NOT NULL,
    layout TEXT
);
CREATE INDEX stream_of_take ON stream (take);
CREATE INDEX stream_of_performer ON stream (performer);
CREATE UNIQUE INDEX one_reference_per_take ON stream (take) WHERE role = 'reference';

-- When each frame of a stream is shown; absent where frames are evenly spaced at its rate.
CREATE TABLE frame_table (
    stream INTEGER PRIMARY KEY REFERENCES stream (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    seconds BLOB NOT NULL,
    key_frames BLOB NOT NULL
);

-- What import found wrong in a recording that it took all the same.
CREATE TABLE problem (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    what TEXT NOT NULL,
    begin_frame INTEGER,
    end_frame INTEGER
);

CREATE TABLE clip (
    id INTEGER PRIMARY KEY,
    take INTEGER NOT NULL REFERENCES take (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL UNIQUE,
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    CHECK (begin_frame < end_frame)
);
CREATE INDEX clip_of_take ON clip (take);

CREATE TABLE track (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('category', 'primitive', 'key_pose', 'free')),
    exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
    per_performer INTEGER NOT NULL CHECK (per_performer IN (0, 1)),
    position INTEGER NOT NULL
);

CREATE TABLE label (
    id INTEGER PRIMARY KEY,
    track INTEGER NOT NULL REFERENCES track (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL CHECK (name <> ''),
    colour TEXT NOT NULL,
    hotkey TEXT,
    parent INTEGER REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    mirror INTEGER REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    description TEXT NOT NULL,
    deprecated INTEGER NOT NULL CHECK (deprecated IN (0, 1)),
    merged_into INTEGER REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL,
    UNIQUE (track, name)
);
CREATE INDEX label_of_parent ON label (parent);
CREATE INDEX label_of_mirror ON label (mirror);
CREATE INDEX label_of_merge ON label (merged_into);

CREATE TABLE layer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'import', 'truth', 'consensus')),
    author TEXT NOT NULL
);

-- A label. `proposal` and `model` say where it came from and outlive what they name, so
-- they are no references.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    layer INTEGER NOT NULL REFERENCES layer (id) DEFERRABLE INITIALLY DEFERRED,
    clip INTEGER NOT NULL REFERENCES clip (id) DEFERRABLE INITIALLY DEFERRED,
    track INTEGER NOT NULL REFERENCES track (id) DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER REFERENCES performer (id) DEFERRABLE INITIALLY DEFERRED,
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    label INTEGER NOT NULL REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'corrected', 'drawn', 'imported', 'verified', 'disputed')),
    author TEXT NOT NULL CHECK (author <> ''),
    proposal INTEGER,
    model INTEGER,
    edit INTEGER NOT NULL REFERENCES edit_log (id) DEFERRABLE INITIALLY DEFERRED,
    time INTEGER NOT NULL,
    CHECK (begin_frame < end_frame)
);
CREATE INDEX segment_of_clip ON segment (clip);
CREATE INDEX segment_of_layer ON segment (layer);
CREATE INDEX segment_of_track ON segment (track);
CREATE INDEX segment_of_label ON segment (label);
CREATE INDEX segment_of_performer ON segment (performer);

CREATE TABLE key_pose (
    id INTEGER PRIMARY KEY,
    layer INTEGER NOT NULL REFERENCES layer (id) DEFERRABLE INITIALLY DEFERRED,
    clip INTEGER NOT NULL REFERENCES clip (id) DEFERRABLE INITIALLY DEFERRED,
    track INTEGER NOT NULL REFERENCES track (id) DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER REFERENCES performer (id) DEFERRABLE INITIALLY DEFERRED,
    frame INTEGER NOT NULL CHECK (frame >= 0),
    label INTEGER NOT NULL REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'corrected', 'drawn', 'imported', 'verified', 'disputed')),
    author TEXT NOT NULL CHECK (author <> ''),
    edit INTEGER NOT NULL REFERENCES edit_log (id) DEFERRABLE INITIALLY DEFERRED,
    time INTEGER NOT NULL
);
CREATE INDEX key_pose_of_clip ON key_pose (clip);
CREATE INDEX key_pose_of_layer ON key_pose (layer);
CREATE INDEX key_pose_of_track ON key_pose (track);
CREATE INDEX key_pose_of_label ON key_pose (label);
CREATE INDEX key_pose_of_performer ON key_pose (performer);

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    clip INTEGER NOT NULL REFERENCES clip (id) DEFERRABLE INITIALLY DEFERRED,
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    resolved INTEGER NOT NULL CHECK (resolved IN (0, 1)),
    edit INTEGER NOT NULL REFERENCES edit_log (id) DEFERRABLE INITIALLY DEFERRED,
    time INTEGER NOT NULL,
    CHECK (begin_frame < end_frame)
);
CREATE INDEX comment_of_clip ON comment (clip);

-- A person said no to what a model proposed here.
CREATE TABLE rejection (
    id INTEGER PRIMARY KEY,
    clip INTEGER NOT NULL REFERENCES clip (id) DEFERRABLE INITIALLY DEFERRED,
    track INTEGER NOT NULL REFERENCES track (id) DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER REFERENCES performer (id) DEFERRABLE INITIALLY DEFERRED,
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    label INTEGER NOT NULL REFERENCES label (id) DEFERRABLE INITIALLY DEFERRED,
    proposal INTEGER NOT NULL,
    author TEXT NOT NULL,
    edit INTEGER NOT NULL REFERENCES edit_log (id) DEFERRABLE INITIALLY DEFERRED,
    time INTEGER NOT NULL,
    CHECK (begin_frame < end_frame)
);
CREATE INDEX rejection_of_clip ON rejection (clip);

-- What models made. Nothing below is a label, and nothing below can become one without an edit.
CREATE TABLE model_version (
    id INTEGER PRIMARY KEY,
    family TEXT NOT NULL,
    name TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    seed INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    options TEXT NOT NULL,
    metrics TEXT NOT NULL,
    time INTEGER NOT NULL
);

CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES model_version (id),
    clip INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    track INTEGER NOT NULL REFERENCES track (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER REFERENCES performer (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    boundary_score REAL NOT NULL,
    CHECK (begin_frame < end_frame)
);
CREATE INDEX proposal_of_clip ON proposal (clip);
CREATE INDEX proposal_of_model ON proposal (model);

CREATE TABLE proposal_score (
    proposal INTEGER NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label INTEGER NOT NULL REFERENCES label (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    score REAL NOT NULL,
    PRIMARY KEY (proposal, position)
);

CREATE TABLE queue_item (
    position INTEGER PRIMARY KEY,
    clip INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    performer INTEGER,
    begin_frame INTEGER NOT NULL,
    end_frame INTEGER NOT NULL,
    score REAL NOT NULL,
    reasons TEXT NOT NULL,
    top TEXT NOT NULL
);

CREATE TABLE split (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scheme TEXT NOT NULL,
    grouped TEXT NOT NULL,
    seed INTEGER NOT NULL,
    time INTEGER NOT NULL
);

CREATE TABLE split_member (
    split INTEGER NOT NULL REFERENCES split (id) ON DELETE CASCADE,
    clip INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    fold INTEGER NOT NULL,
    subset TEXT NOT NULL CHECK (subset IN ('train', 'validation', 'test')),
    PRIMARY KEY (split, fold, clip)
);

-- The promise that no model writes a label, kept by the database itself: labels change only
-- while an edit is open, an edit is opened only by an author who is no model (the CHECK of
-- edit_log knows no such kind), and what models write opens none.
CREATE TRIGGER segment_insert_needs_an_edit BEFORE INSERT ON segment
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a label is written only by a person''s edit'); END;

CREATE TRIGGER segment_update_needs_an_edit BEFORE UPDATE ON segment
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a label is changed only by a person''s edit'); END;

CREATE TRIGGER segment_delete_needs_an_edit BEFORE DELETE ON segment
WHEN NOT EXISTS (SELECT 1 FROM open_edit)
BEGIN SELECT RAISE(ABORT, 'a label is deleted only by a person''s edit'); END;

CREATE TRIGGER segment_stays_in_its_clip BEFORE INSERT ON segment
WHEN EXISTS (SELECT 1 FROM clip WHERE id = NEW.clip AND (NEW.begin_frame < begin_frame OR NEW.end_frame > end_frame))
BEGIN SELECT RAISE(ABORT, 'a label reaches beyond its clip'); END;

CREATE TRIGGER segment_stays_in_its_clip_when_moved BEFORE UPDATE ON segment
WHEN EXISTS (SELECT 1 FROM clip WHERE id = NEW.clip AND (NEW.begin_frame < begin_frame OR NEW.end_frame > end_frame))
BEGIN SELECT RAISE(ABORT, 'a label reaches beyond its clip'); END;

CREATE TRIGGER key_pose_insert_needs_an_edit BEFORE INSERT ON key_pose
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a label is written only by a person''s edit'); END;

CREATE TRIGGER key_pose_update_needs_an_edit BEFORE UPDATE ON key_pose
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a label is changed only by a person''s edit'); END;

CREATE TRIGGER key_pose_delete_needs_an_edit BEFORE DELETE ON key_pose
WHEN NOT EXISTS (SELECT 1 FROM open_edit)
BEGIN SELECT RAISE(ABORT, 'a label is deleted only by a person''s edit'); END;

CREATE TRIGGER no_proposal_within_an_edit BEFORE INSERT ON proposal
WHEN EXISTS (SELECT 1 FROM open_edit)
BEGIN SELECT RAISE(ABORT, 'a model writes proposals, never as part of an edit'); END;

CREATE TRIGGER the_journal_is_never_changed BEFORE UPDATE ON edit_log
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER the_journal_is_never_shortened BEFORE DELETE ON edit_log
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
