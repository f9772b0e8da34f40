-- Key-points that a person corrected: a joint of a skeleton stream over a run of frames, counted in the stream itself.
-- `points` holds x, y, z and confidence of each frame, as four little-endian 32-bit floats.

CREATE TABLE joint_correction (
    id INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id) DEFERRABLE INITIALLY DEFERRED,
    joint INTEGER NOT NULL CHECK (joint >= 0),
    begin_frame INTEGER NOT NULL CHECK (begin_frame >= 0),
    end_frame INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('seen', 'occluded')),
    points BLOB NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    edit INTEGER NOT NULL REFERENCES edit_log (id) DEFERRABLE INITIALLY DEFERRED,
    time INTEGER NOT NULL,
    CHECK (begin_frame < end_frame),
    CHECK (length(points) = 16 * (end_frame - begin_frame))
);
CREATE INDEX joint_correction_of_stream ON joint_correction (stream);

-- What a person corrected is no model's to change, like a label.
CREATE TRIGGER joint_correction_insert_needs_an_edit BEFORE INSERT ON joint_correction
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a key-point is corrected only by a person''s edit'); END;

CREATE TRIGGER joint_correction_update_needs_an_edit BEFORE UPDATE ON joint_correction
WHEN NOT EXISTS (SELECT 1 FROM open_edit JOIN edit_log ON edit_log.id = open_edit.edit WHERE open_edit.edit = NEW.edit OR edit_log.kind <> 'edit')
BEGIN SELECT RAISE(ABORT, 'a corrected key-point is changed only by a person''s edit'); END;

CREATE TRIGGER joint_correction_delete_needs_an_edit BEFORE DELETE ON joint_correction
WHEN NOT EXISTS (SELECT 1 FROM open_edit)
BEGIN SELECT RAISE(ABORT, 'a corrected key-point is reset only by a person''s edit'); END;

CREATE TRIGGER joint_correction_stays_in_its_stream BEFORE INSERT ON joint_correction
WHEN EXISTS (SELECT 1 FROM stream WHERE id = NEW.stream AND NEW.end_frame > frames)
BEGIN SELECT RAISE(ABORT, 'a corrected key-point reaches beyond its recording'); END;

CREATE TRIGGER joint_correction_stays_in_its_stream_when_changed BEFORE UPDATE ON joint_correction
WHEN EXISTS (SELECT 1 FROM stream WHERE id = NEW.stream AND NEW.end_frame > frames)
BEGIN SELECT RAISE(ABORT, 'a corrected key-point reaches beyond its recording'); END;
