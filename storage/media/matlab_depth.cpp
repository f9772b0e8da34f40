#include "storage/media/matlab_depth.h"

#include <algorithm>
#include <optional>
#include <string>

#include "storage/media/file_probe.h"
#include "storage/media/mat_file.h"
#include "storage/media/msr_depth_unit.h"

namespace storage {

namespace {

constexpr std::uint64_t smallest_side = 32;
constexpr std::uint64_t longest_side = 16384;
constexpr std::uint64_t most_values = std::uint64_t{2} << 30;  // 4 GiB of 16-bit values

bool is_picture_stack(const MatMatrix& matrix) {
    if (matrix.dimensions.size() != 3) return false;
    const auto fits = [](std::uint64_t side) { return smallest_side <= side && side <= longest_side; };
    return fits(matrix.dimensions[0]) && fits(matrix.dimensions[1]) && matrix.dimensions[2] > 0;
}

MatMatrix depth_in(const std::filesystem::path& file) {
    std::vector<MatMatrix> stacks = matrices_in(file);
    std::erase_if(stacks, [](const MatMatrix& matrix) { return !is_picture_stack(matrix); });
    const auto named = std::ranges::find(stacks, "depth", &MatMatrix::name);
    if (named != stacks.end()) return *named;
    if (stacks.size() == 1) return stacks.front();
    throw ReadError(file.filename().string() + ": expected a variable 'depth' of rows x columns x frames, found " +
                    std::to_string(stacks.size()) + " variables that could be it.");
}

class MatlabDepth final : public DepthReader {
public:
    explicit MatlabDepth(const std::filesystem::path& file)
        : file_(file),
          name_(file.filename().string()),
          matrix_(depth_in(file)),
          rows_(matrix_.dimensions[0]),
          columns_(matrix_.dimensions[1]),
          frames_(matrix_.dimensions[2]) {
        if (frames_ > most_values / (rows_ * columns_))
            throw ReadError(name_ + ": its " + std::to_string(frames_) +
                            " frames take more than 4 GiB; cut the recording into shorter ones.");
    }

    [[nodiscard]] schemas::FrameIndex frames() const override { return static_cast<schemas::FrameIndex>(frames_); }
    [[nodiscard]] int width() const override { return static_cast<int>(columns_); }
    [[nodiscard]] int height() const override { return static_cast<int>(rows_); }
    [[nodiscard]] const std::vector<ReadProblem>& problems() const override { return problems_; }
    [[nodiscard]] DepthUnit unit() override { return is_msr_take(name_) ? msr_depth_unit(*this) : DepthReader::unit(); }

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
        SixteenBitValues read = read_matrix(file_, matrix_);
        values_ = std::move(read.values);
        if (read.changed != 0)
            problems_.push_back(
                {std::to_string(read.changed) + " values are no whole numbers from 0 to 65535; they were cut to fit",
                 std::nullopt});
    }

    std::filesystem::path file_;
    std::string name_;
    MatMatrix matrix_;
    std::size_t rows_, columns_, frames_;
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
        (void)depth_in(file);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace storage
