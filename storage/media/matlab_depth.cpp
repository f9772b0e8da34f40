#include "storage/media/matlab_depth.h"

#include <matio.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include "storage/media/file_probe.h"

namespace storage {

namespace {

constexpr std::size_t smallest_side = 32;
constexpr std::size_t longest_side = 16384;
constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30;
constexpr std::uint64_t best_deflation = 1032;  // of zlib: https://zlib.net/zlib_tech.html
constexpr std::size_t preamble_bytes = 128;

struct CloseMat {
    void operator()(mat_t* mat) const { Mat_Close(mat); }
};
struct FreeVariable {
    void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using MatPtr = std::unique_ptr<mat_t, CloseMat>;
using VariablePtr = std::unique_ptr<matvar_t, FreeVariable>;

std::uint32_t uint32_at(std::string_view bytes, std::size_t offset, bool little) {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte)
        value |= std::uint32_t{static_cast<unsigned char>(bytes[offset + byte])} << (8 * (little ? byte : 3 - byte));
    return value;
}

// libmatio trusts the lengths that a version 5 file declares for its elements, so each is
// held against the file's length first ("MAT-File Format", MathWorks, section 1).
void check_elements(const std::filesystem::path& file, const std::string& name) {
    const std::string preamble = first_bytes(file, preamble_bytes);
    if (preamble.size() < preamble_bytes)
        throw ReadError(name + ": expected a MATLAB header of 128 bytes; the file is missing or shorter.");
    const bool little = preamble.substr(126) == "IM";
    if (!little && preamble.substr(126) != "MI") throw ReadError(name + ": this is no MATLAB file of version 5 or 7.");
    std::ifstream stream(file, std::ios::binary);
    const std::uint64_t length = std::filesystem::file_size(file);
    if (length == preamble_bytes) throw ReadError(name + ": it holds no variables.");
    for (std::uint64_t at = preamble_bytes; at < length;) {
        std::string tag(8, '\0');
        stream.seekg(static_cast<std::streamoff>(at));
        const bool read = !stream.read(tag.data(), 8).fail();
        const std::uint64_t end = read ? at + 8 + uint32_at(tag, 4, little) : length + 1;
        if (end > length)
            throw ReadError(name + ": the file is cut off: a variable at byte " + std::to_string(at) +
                            " reaches beyond its end.");
        at = end;
    }
}

bool is_numeric(const matvar_t& variable) {
    return variable.class_type >= MAT_C_DOUBLE && variable.class_type <= MAT_C_UINT64 && variable.isComplex == 0;
}

bool is_picture_stack(const matvar_t& variable) {
    if (variable.rank != 3 || variable.dims == nullptr || !is_numeric(variable)) return false;
    const auto fits = [](std::size_t side) { return smallest_side <= side && side <= longest_side; };
    return fits(variable.dims[0]) && fits(variable.dims[1]) && variable.dims[2] > 0;
}

MatPtr opened(const std::filesystem::path& file, const std::string& name) {
    check_elements(file, name);
    MatPtr mat(Mat_Open(file.string().c_str(), MAT_ACC_RDONLY));
    if (!mat) throw ReadError(name + ": it cannot be opened as a MATLAB file.");
    if (Mat_GetVersion(mat.get()) != MAT_FT_MAT5)
        throw ReadError(name + ": only MATLAB files of versions 5 to 7.2 are read; save it with '-v7'.");
    return mat;
}

// The header of the matrix of depth.
VariablePtr depth_variable(mat_t* mat, const std::string& name) {
    VariablePtr only;
    std::size_t stacks = 0;
    Mat_Rewind(mat);
    while (VariablePtr variable{Mat_VarReadNextInfo(mat)}) {
        const bool named = variable->name != nullptr && std::string_view(variable->name) == "depth";
        if (!is_picture_stack(*variable)) continue;
        if (named) return variable;
        ++stacks;
        only = std::move(variable);
    }
    if (stacks != 1)
        throw ReadError(name + ": expected a variable 'depth' of rows x columns x frames, found " +
                        std::to_string(stacks) + " variables that could be it.");
    return only;
}

template <class Value>
std::vector<std::uint16_t> clamped(const void* data, std::size_t count, std::size_t& changed) {
    const auto* const values = static_cast<const Value*>(data);
    std::vector<std::uint16_t> result(count);
    for (std::size_t index = 0; index < count; ++index) {
        const auto value = static_cast<double>(values[index]);
        const double kept = std::isnan(value) ? 0 : std::clamp(std::floor(value), 0.0, 65535.0);
        if (kept != value) ++changed;
        result[index] = static_cast<std::uint16_t>(kept);
    }
    return result;
}

std::vector<std::uint16_t> sixteen_bit(const matvar_t& variable, std::size_t count, std::size_t& changed) {
    switch (variable.class_type) {
        case MAT_C_UINT16: {
            const auto* const values = static_cast<const std::uint16_t*>(variable.data);
            return {values, values + count};
        }
        case MAT_C_UINT8:
            return clamped<std::uint8_t>(variable.data, count, changed);
        case MAT_C_INT8:
            return clamped<std::int8_t>(variable.data, count, changed);
        case MAT_C_INT16:
            return clamped<std::int16_t>(variable.data, count, changed);
        case MAT_C_INT32:
            return clamped<std::int32_t>(variable.data, count, changed);
        case MAT_C_UINT32:
            return clamped<std::uint32_t>(variable.data, count, changed);
        case MAT_C_INT64:
            return clamped<std::int64_t>(variable.data, count, changed);
        case MAT_C_UINT64:
            return clamped<std::uint64_t>(variable.data, count, changed);
        case MAT_C_SINGLE:
            return clamped<float>(variable.data, count, changed);
        default:
            return clamped<double>(variable.data, count, changed);
    }
}

class MatlabDepth final : public DepthReader {
public:
    explicit MatlabDepth(const std::filesystem::path& file)
        : name_(file.filename().string()), mat_(opened(file, name_)), variable_(depth_variable(mat_.get(), name_)) {
        rows_ = variable_->dims[0];
        columns_ = variable_->dims[1];
        frames_ = variable_->dims[2];
        const std::uint64_t content = std::filesystem::file_size(file) * best_deflation;
        const std::uint64_t value_bytes = Mat_SizeOfClass(variable_->class_type);
        // The sides are bounded, so that only the number of frames can overflow.
        if (frames_ > most_bytes / (rows_ * columns_ * value_bytes))
            throw ReadError(name_ + ": its " + std::to_string(frames_) +
                            " frames take more than 4 GiB; cut the recording into shorter ones.");
        // An element may be stored narrower than its class, a byte for eight.
        if (rows_ * columns_ * frames_ > content)
            throw ReadError(name_ + ": it declares " + std::to_string(frames_) +
                            " frames, more than a file of its length can hold.");
    }

    [[nodiscard]] schemas::FrameIndex frames() const override { return static_cast<schemas::FrameIndex>(frames_); }
    [[nodiscard]] int width() const override { return static_cast<int>(columns_); }
    [[nodiscard]] int height() const override { return static_cast<int>(rows_); }
    [[nodiscard]] const std::vector<ReadProblem>& problems() const override { return problems_; }

    [[nodiscard]] DepthFrame frame(schemas::FrameIndex index) override {
        if (index < 0 || index >= frames())
            throw ReadError(name_ + ": there is no frame " + std::to_string(index) + " among " +
                            std::to_string(frames_) + ".");
        if (values_.empty()) decode();
        DepthFrame frame{width(), height(), std::vector<std::uint16_t>(rows_ * columns_)};
        const std::uint16_t* const columns = &values_[static_cast<std::size_t>(index) * rows_ * columns_];
        for (std::size_t row = 0; row < rows_; ++row)
            for (std::size_t column = 0; column < columns_; ++column)
                frame.values[row * columns_ + column] = columns[column * rows_ + row];
        return frame;
    }

private:
    void decode() {
        const std::size_t count = rows_ * columns_ * frames_;
        if (Mat_VarReadDataAll(mat_.get(), variable_.get()) != 0 || variable_->data == nullptr ||
            variable_->nbytes < count * Mat_SizeOfClass(variable_->class_type))
            throw ReadError(name_ + ": its depth cannot be decoded; the file is damaged.");
        std::size_t changed = 0;
        values_ = sixteen_bit(*variable_, count, changed);
        if (changed != 0)
            problems_.push_back(
                {std::to_string(changed) + " values are no whole numbers from 0 to 65535; they were cut to fit",
                 std::nullopt});
        variable_.reset();
        mat_.reset();
    }

    std::string name_;
    MatPtr mat_;
    VariablePtr variable_;
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    std::size_t frames_ = 0;
    std::vector<std::uint16_t> values_;  // column by column, as in the file
    std::vector<ReadProblem> problems_;
};

}  // namespace

std::unique_ptr<DepthReader> open_matlab_depth(const std::filesystem::path& file) {
    return std::make_unique<MatlabDepth>(file);
}

bool is_matlab_depth(const std::filesystem::path& file) {
    if (!has_extension(file, ".mat")) return false;
    if (lower_case(file.stem().string()).find("depth") != std::string::npos) return true;
    try {
        const MatPtr mat = opened(file, "");
        return depth_variable(mat.get(), "") != nullptr;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace storage
