#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace storage {

// Bits of a coded header, the highest of each byte first. Past the end they are 0 and overrun() is true.
class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::uint32_t bits(int count) {
        std::uint32_t value = 0;
        while (count-- > 0) value = value << 1U | bit();
        return value;
    }
    bool flag() { return bit() != 0; }
    void skip(int count) { position_ += static_cast<std::size_t>(count); }
    // Exp-Golomb codes, ITU-T H.264 9.1. Longer ones than 32 bits count as an overrun.
    std::uint32_t unsigned_golomb() {
        int zeros = 0;
        while (!overrun() && bit() == 0) ++zeros;
        if (zeros > 31) position_ = bytes_.size() * 8 + 1;
        return overrun() ? 0 : (1U << static_cast<unsigned>(zeros)) - 1U + bits(zeros);
    }
    [[nodiscard]] bool overrun() const { return position_ > bytes_.size() * 8; }

private:
    std::uint32_t bit() {
        const std::size_t byte = position_ / 8;
        const unsigned shift = 7U - static_cast<unsigned>(position_ % 8);
        ++position_;
        return byte < bytes_.size() ? (bytes_[byte] >> shift) & 1U : 0U;
    }

    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
};

}  // namespace storage
