#pragma once

#include <cstdint>
#include <random>

// Ids are random positive 63-bit integers, so that two copies of a project merge
// without renumbering. Each kind of row has its own type.
namespace schemas {

enum class PerformerId : std::int64_t {};
enum class TakeId : std::int64_t {};
enum class StreamId : std::int64_t {};
enum class ClipId : std::int64_t {};
enum class TrackId : std::int64_t {};
enum class LabelId : std::int64_t {};
enum class LayerId : std::int64_t {};
enum class SegmentId : std::int64_t {};
enum class KeyPoseId : std::int64_t {};
enum class CommentId : std::int64_t {};
enum class RejectionId : std::int64_t {};
enum class JointCorrectionId : std::int64_t {};
enum class EditId : std::int64_t {};
enum class ModelId : std::int64_t {};
enum class ProposalId : std::int64_t {};
enum class SplitId : std::int64_t {};

// Draws fresh ids. The same seed draws the same ids, which is what makes simulated
// work and exports reproducible; a person's session seeds from the system.
//
// Thread: one.
class IdSource {
public:
    IdSource() : IdSource(seed_from_system()) {}
    explicit IdSource(std::uint64_t seed) : engine_(seed) {}

    template <class Id>
    Id fresh() {
        for (;;) {
            const auto value = static_cast<std::int64_t>(engine_() >> 1U);
            if (value != 0) return Id{value};
        }
    }

private:
    static std::uint64_t seed_from_system() {
        std::random_device device;
        return (std::uint64_t{device()} << 32U) | device();
    }

    std::mt19937_64 engine_;
};

}  // namespace schemas
