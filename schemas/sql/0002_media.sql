-- Videos and sound: which stream of its file a stream is, how its clock runs against the
-- reference's, and what is known of its frames and its file.

ALTER TABLE stream ADD COLUMN container_stream INTEGER NOT NULL DEFAULT 0 CHECK (container_stream >= 0);
ALTER TABLE stream ADD COLUMN clock_ratio REAL NOT NULL DEFAULT 1 CHECK (clock_ratio > 0);

-- Facts about streams were lost with the stream's row when an import was undone, and did not
-- come back when it was redone. They outlive it: `stream` is no reference.
CREATE TABLE frame_times (
    stream INTEGER PRIMARY KEY,
    seconds BLOB NOT NULL,
    key_frames BLOB NOT NULL,
    ticks BLOB,
    tick_numerator INTEGER NOT NULL,
    tick_denominator INTEGER NOT NULL CHECK (tick_denominator > 0)
);
INSERT INTO frame_times (stream, seconds, key_frames, ticks, tick_numerator, tick_denominator)
SELECT stream, seconds, key_frames, NULL, 0, 1 FROM frame_table;
DROP TABLE frame_table;
ALTER TABLE frame_times RENAME TO frame_table;

-- The file that a stream was read from, as it was at import. `id` is the stream's and, for
-- the same reason, no reference.
CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    container TEXT NOT NULL,
    codec TEXT NOT NULL,
    pixel_format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    rotation_degrees INTEGER NOT NULL,
    mirrored INTEGER NOT NULL CHECK (mirrored IN (0, 1)),
    sample_aspect_numerator INTEGER NOT NULL,
    sample_aspect_denominator INTEGER NOT NULL,
    colour_matrix TEXT NOT NULL,
    colour_range TEXT NOT NULL,
    bits INTEGER NOT NULL,
    alpha INTEGER NOT NULL CHECK (alpha IN (0, 1)),
    channels INTEGER NOT NULL,
    declared_frames INTEGER NOT NULL,
    packets INTEGER NOT NULL,
    decodable_frames INTEGER NOT NULL,
    start_seconds REAL NOT NULL,
    recorded_at INTEGER,
    recorded_by TEXT CHECK (recorded_by IN ('time stamps', 'time code', 'creation time')),
    CHECK ((recorded_at IS NULL) = (recorded_by IS NULL))
);

-- Problems that an import found are problems only while that import stands.
ALTER TABLE problem ADD COLUMN edit INTEGER REFERENCES edit_log (id);
CREATE INDEX edit_log_of_target ON edit_log (target);
