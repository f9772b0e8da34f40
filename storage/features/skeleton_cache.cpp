#include "storage/features/skeleton_cache.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

#include "storage/skeleton/layout_registry.h"

namespace storage {

namespace {

// Raise it whenever a reader or the layout of these files changes what would be stored.
constexpr std::uint32_t version = 1;
constexpr std::string_view magic = "KSKEL\r\n\x1A";

using Digest = std::array<unsigned char, 32>;

Digest digest_of(std::string_view bytes) {
    Digest digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return digest;
}

// Values one after the other, in the machine's own byte order.
class Packer {
public:
    template <class Value>
    void value(Value value) {
        static_assert(std::is_trivially_copyable_v<Value>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view text) {
        value(static_cast<std::uint64_t>(text.size()));
        bytes_.append(text);
    }
    template <class Value>
    void array(const std::vector<Value>& values) {
        value(static_cast<std::uint64_t>(values.size()));
        bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

struct Damaged {};

// The reverse; throws Damaged rather than reading past the end.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

    template <class Value>
    Value value() {
        Value value{};
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string text() { return std::string(take(count(1))); }
    template <class Value>
    std::vector<Value> array() {
        const std::size_t size = count(sizeof(Value));
        std::vector<Value> values(size);
        const std::string_view bytes = take(size * sizeof(Value));
        if (size != 0) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    // A number of things of at least so many bytes each, so that no count asks for more memory
    // than the file has.
    std::size_t count(std::size_t bytes_each) {
        const auto number = value<std::uint64_t>();
        if (number > rest_.size() / bytes_each) throw Damaged();
        return static_cast<std::size_t>(number);
    }

private:
    std::string_view take(std::size_t bytes) {
        if (bytes > rest_.size()) throw Damaged();
        const std::string_view taken = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return taken;
    }

    std::string_view rest_;
};

void pack(Packer& out, const schemas::SkeletonLayout& layout) {
    out.text(layout.name);
    out.value(static_cast<std::uint64_t>(layout.size()));
    for (const std::string& joint : layout.joints) out.text(joint);
    out.array(layout.parents);
    out.value(static_cast<std::uint64_t>(layout.pairs.size()));
    for (const auto& [left, right] : layout.pairs) {
        out.value(left);
        out.value(right);
    }
    for (const int joint : {layout.centre, layout.neck, layout.left_shoulder, layout.right_shoulder}) out.value(joint);
}

schemas::SkeletonLayout unpack_layout(Unpacker& in) {
    schemas::SkeletonLayout layout;
    layout.name = in.text();
    layout.joints.resize(in.count(sizeof(std::uint64_t)));
    for (std::string& joint : layout.joints) joint = in.text();
    layout.parents = in.array<int>();
    layout.pairs.resize(in.count(2 * sizeof(int)));
    for (auto& [left, right] : layout.pairs) {
        left = in.value<int>();
        right = in.value<int>();
    }
    for (int* joint : {&layout.centre, &layout.neck, &layout.left_shoulder, &layout.right_shoulder})
        *joint = in.value<int>();
    return layout;
}

// Shares the program's own layout where there is one of that name; one that has changed since
// makes the file stale.
LayoutPtr shared_layout(schemas::SkeletonLayout layout) {
    if (!schemas::problem_with(layout).empty()) throw Damaged();
    for (const LayoutPtr& known : all_layouts()) {
        if (known->name != layout.name) continue;
        const bool same = known->joints == layout.joints && known->parents == layout.parents &&
                          known->pairs == layout.pairs && known->centre == layout.centre && known->neck == layout.neck;
        if (!same) throw Damaged();
        return known;
    }
    return std::make_shared<const schemas::SkeletonLayout>(std::move(layout));
}

void pack(Packer& out, const SkeletonRecording& recording) {
    pack(out, *recording.sequence.layout);
    out.value(static_cast<std::uint8_t>(recording.sequence.space == schemas::CoordinateSpace::pixels));
    out.array(recording.sequence.positions);
    out.array(recording.sequence.confidence);
    out.value(recording.rate);
    out.array(recording.seconds);
    out.value(static_cast<std::uint64_t>(recording.problems.size()));
    for (const ReadProblem& problem : recording.problems) {
        out.text(problem.what);
        out.value(static_cast<std::uint8_t>(problem.frames.has_value()));
        out.value(problem.frames.value_or(schemas::FrameSpan{}));
    }
}

SkeletonRecording unpack_recording(Unpacker& in) {
    SkeletonRecording recording;
    schemas::SkeletonSequence& sequence = recording.sequence;
    sequence.layout = shared_layout(unpack_layout(in));
    sequence.space =
        in.value<std::uint8_t>() != 0 ? schemas::CoordinateSpace::pixels : schemas::CoordinateSpace::metres;
    sequence.positions = in.array<float>();
    sequence.confidence = in.array<float>();
    recording.rate = in.value<schemas::FrameRate>();
    recording.seconds = in.array<double>();
    recording.problems.resize(in.count(sizeof(std::uint64_t)));
    for (ReadProblem& problem : recording.problems) {
        problem.what = in.text();
        const bool spans = in.value<std::uint8_t>() != 0;
        const auto frames = in.value<schemas::FrameSpan>();
        if (spans) problem.frames = frames;
    }
    const bool whole = sequence.confidence.size() % sequence.joints() == 0 &&
                       sequence.positions.size() == 3 * sequence.confidence.size();
    if (!whole) throw Damaged();
    return recording;
}

std::string contents(const std::filesystem::path& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) return {};
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return stream ? bytes : std::string();
}

// Unlike any other writer's, of this process or another.
std::filesystem::path partial_name(std::filesystem::path file) {
    static std::atomic<int> writes = 0;
    return file += "." + std::to_string(::getpid()) + "." + std::to_string(writes++) + ".part";
}

}  // namespace

std::filesystem::path SkeletonCache::file_of(std::string_view sha256) const {
    const auto hexadecimal = [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); };
    const bool sound = sha256.size() == 64 && std::ranges::all_of(sha256, hexadecimal);
    return sound ? folder_ / (std::string(sha256) + ".skel") : std::filesystem::path();
}

std::optional<SkeletonRecording> SkeletonCache::load(std::string_view sha256) const {
    const std::string bytes = contents(file_of(sha256));
    Unpacker head(bytes);
    try {
        for (const char expected : magic)
            if (head.value<char>() != expected) return std::nullopt;
        if (head.value<std::uint32_t>() != version) return std::nullopt;
        const auto digest = head.value<Digest>();
        const std::string_view body = std::string_view(bytes).substr(magic.size() + sizeof version + digest.size());
        if (digest_of(body) != digest) return std::nullopt;
        Unpacker in(body);
        return unpack_recording(in);
    } catch (const Damaged&) {
        return std::nullopt;
    }
}

void SkeletonCache::store(std::string_view sha256, const SkeletonRecording& recording) const {
    const std::filesystem::path file = file_of(sha256);
    std::error_code error;
    if (file.empty()) return;
    std::filesystem::create_directories(folder_, error);
    if (error) return;
    Packer body;
    pack(body, recording);
    Packer head;
    for (const char byte : magic) head.value(byte);
    head.value(version);
    head.value(digest_of(body.bytes()));
    const std::filesystem::path partial = partial_name(file);
    std::ofstream stream(partial, std::ios::binary);
    stream << head.bytes() << body.bytes();
    stream.close();
    if (stream) std::filesystem::rename(partial, file, error);
    if (!stream || error) std::filesystem::remove(partial, error);
}

}  // namespace storage
