#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "schemas/edit.h"
#include "schemas/proposal.h"

// What the latent primitives of one model are called, and why. It lies beside the model's weights, as
// models/ID.primitives.json: without those weights a primitive is nothing. A name is never a label, and no unit that
// annotators label by is ever changed here (register A5 and A6).
namespace annotator {

struct NamedPrimitive {
    std::string name;
    std::optional<int> merged_into;  // a primitive that is merged into none itself
    bool by_person = false;          // who named it: a person, or how often it came together with a unit

    bool operator==(const NamedPrimitive&) const = default;
};

// One step of what people did to the names. `before` is what undoing it brings back.
struct NamingChange {
    enum class Kind { change, undo } kind = Kind::change;
    std::string what;
    std::string author;
    schemas::Timestamp time = 0;
    std::vector<NamedPrimitive> before;
};

struct PrimitiveNaming {
    schemas::ModelId model{};
    std::string weights;               // SHA-256 of the model's file
    std::string pool;                  // hash of the labels and recordings that it was counted on
    std::string track;                 // whose units were counted
    std::vector<std::string> units;    // of the annotators
    std::vector<int> counts;           // primitives x units: key frames where the primitive was strongest and that unit
                                       // was labelled
    std::vector<int> appearances;      // of each primitive: key frames, labelled or not
    std::vector<int> unit;             // of each primitive, by co-occurrence; -1 where it never met one
    double sequence_match = 0;         // mean over the samples with labels, of the units that primitives stand for
    double mutual_information = 0;     // normalised, between primitives and units; no naming takes part
    std::size_t samples = 0;           // that were read
    std::size_t labelled_samples = 0;  // with a unit at a key frame
    std::vector<NamedPrimitive> primitives;
    std::vector<NamingChange> history;
    std::string read_from;  // SHA-256 of the file that this was read from; "" where it is new

    [[nodiscard]] int size() const { return static_cast<int>(primitives.size()); }
};

// Those that people see as one: a primitive and what was merged into it.
struct PrimitiveGroup {
    int primitive = 0;
    std::vector<int> merged;
    std::string name;
    bool by_person = false;
    int unit = -1;
    double purity = 0;    // the share of its labelled key frames that were its unit's
    int appearances = 0;  // key frames
    int labelled = 0;     // key frames with a unit
    double usage = 0;     // the share of all key frames
};
// In the order of the primitives.
std::vector<PrimitiveGroup> groups_of(const PrimitiveNaming& naming);

// Names after units, each once: of several primitives of one unit the first, which met it most often, has its name
// alone, and others are counted: "turn", "turn 2". What met no unit is "primitive 7". What a person named stays.
void name_after_units(PrimitiveNaming& naming);

struct Naming {
    std::string author;
    schemas::Timestamp time = 0;
};
// Each throws std::invalid_argument with a sentence for people, and then nothing has changed: no such primitive, an
// empty name, a name that another one has, a primitive that is merged into another.
void rename_primitive(PrimitiveNaming& naming, int primitive, const std::string& name, const Naming& by);
void merge_primitives(PrimitiveNaming& naming, int into, const std::vector<int>& others, const Naming& by);
// Takes back the last step that stands and returns what it was; nullopt where none does.
std::optional<std::string> undo_naming(PrimitiveNaming& naming, const Naming& by);

std::filesystem::path naming_file(const std::filesystem::path& project, schemas::ModelId model);
// Throws storage::ReadError naming the file and what is wrong.
PrimitiveNaming read_naming(const std::filesystem::path& file);
// As a whole or not at all. Throws storage::WriteError, and std::runtime_error where the file is not any more what the
// naming was read from.
void write_naming(const PrimitiveNaming& naming, const std::filesystem::path& file);

}  // namespace annotator
