#include "storage/media/audio_reader.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "storage/media/audio_decoder.h"
#include "storage/media/audio_resampler.h"
#include "storage/media/packet_source.h"

namespace storage {

namespace {

constexpr double settling_seconds = 1;  // Opus needs 0.08 (RFC 7845, section 4.6), others a few packets

}  // namespace

class AudioReader::Decoding {
public:
    Decoding(const std::filesystem::path& file, std::shared_ptr<const AudioIndex> index)
        : index_(std::move(index)),
          source_(PacketSource::open(file, index_->stream, index_->packets)),
          decoder_(source_->stream(), source_->media().name()) {
        decoder_.set_format(index_->sample_rate, index_->channels);
    }

    [[nodiscard]] const AudioIndex& index() const { return *index_; }
    [[nodiscard]] const AudioReadStats& stats() const { return stats_; }

    bool read(std::int64_t begin, std::span<float> out, const std::stop_token& stop) {
        source_->watch(stop);
        const auto width = static_cast<std::size_t>(index_->channels);
        const std::int64_t end = std::min(index_->samples, begin + static_cast<std::int64_t>(out.size() / width));
        for (std::int64_t at = std::max<std::int64_t>(0, begin); at < end;) {
            const std::int64_t number = packet_at(at);
            const PacketSamples here = number < 0 ? PacketSamples{} : index_->sounds[static_cast<std::size_t>(number)];
            if (at >= here.first + here.count) {  // a gap, up to the next packet
                at = std::min(end, next_sound(number));
                continue;
            }
            if (number != held_ && !decode(number, stop)) return false;
            const std::int64_t until = std::min(end, here.first + here.count);
            copy(here, at, until, out.subspan(static_cast<std::size_t>(at - begin) * width));
            at = until;
        }
        return true;
    }

private:
    // The last packet that gives something and begins at or before a sample, -1 if there is none.
    [[nodiscard]] std::int64_t packet_at(std::int64_t sample) const {
        const auto after = std::ranges::upper_bound(index_->sounds, sample, {}, &PacketSamples::first);
        std::int64_t number = after - index_->sounds.begin() - 1;
        while (number >= 0 && index_->sounds[static_cast<std::size_t>(number)].count == 0) --number;
        return number;
    }

    [[nodiscard]] std::int64_t next_sound(std::int64_t number) const {
        for (auto next = static_cast<std::size_t>(number + 1); next < index_->sounds.size(); ++next)
            if (index_->sounds[next].count > 0) return index_->sounds[next].first;
        return index_->samples;
    }

    // From where decoding has to begin so that this packet comes out right.
    [[nodiscard]] std::int64_t settled_start(std::int64_t number) const {
        const std::int64_t first = index_->sounds[static_cast<std::size_t>(number)].first -
                                   std::llround(settling_seconds * index_->sample_rate);
        return std::max<std::int64_t>(0, first <= 0 ? 0 : packet_at(first));
    }

    // Leaves what packet `number` gives in held_samples_.
    bool decode(std::int64_t number, const std::stop_token& stop) {
        held_ = -1;
        const std::int64_t start = settled_start(number);
        if (must_seek_ || number < source_->position() || start > source_->position()) {
            must_seek_ = true;  // also if this is stopped half-way
            if (!source_->go_to(start)) return false;
            ++stats_.seeks;
            decoder_.flush();
            must_seek_ = false;
        }
        while (source_->position() <= number) {
            const MediaFile::Next next = source_->next(*packet_);
            if (next == MediaFile::Next::stopped || stop.stop_requested()) return false;
            if (next != MediaFile::Next::packet)
                throw ReadError(source_->media().name() + ": the sound ends early: expected " +
                                std::to_string(index_->packets.size()) + " packets, found " +
                                std::to_string(source_->position()) + ". Import the file again.");
            held_samples_ = decoder_.decode(packet_.get()).samples;
            ++stats_.packets;
        }
        if (number + 1 == static_cast<std::int64_t>(index_->packets.size())) {
            const std::vector<float> rest = decoder_.decode(nullptr).samples;
            held_samples_.insert(held_samples_.end(), rest.begin(), rest.end());
            must_seek_ = true;  // the decoder takes nothing more
        }
        held_ = number;
        return true;
    }

    // What of a packet could not be decoded is silence.
    void copy(const PacketSamples& here, std::int64_t from, std::int64_t until, std::span<float> out) const {
        const auto width = static_cast<std::int64_t>(index_->channels);
        const std::int64_t begin = (from - here.first + here.skipped) * width;
        const std::int64_t end = std::min((until - here.first + here.skipped) * width, std::ssize(held_samples_));
        if (begin < end) std::copy(held_samples_.begin() + begin, held_samples_.begin() + end, out.begin());
    }

    std::shared_ptr<const AudioIndex> index_;
    std::unique_ptr<PacketSource> source_;
    AudioDecoder decoder_;
    PacketPtr packet_ = new_packet();
    std::int64_t held_ = -1;  // the packet that held_samples_ are of
    std::vector<float> held_samples_;
    bool must_seek_ = false;
    AudioReadStats stats_;
};

AudioReader::AudioReader(const std::filesystem::path& file, std::shared_ptr<const AudioIndex> index)
    : decoding_(std::make_unique<Decoding>(file, std::move(index))) {}
AudioReader::~AudioReader() = default;
AudioReader::AudioReader(AudioReader&&) noexcept = default;

const AudioIndex& AudioReader::index() const { return decoding_->index(); }
const AudioReadStats& AudioReader::stats() const { return decoding_->stats(); }

std::optional<std::vector<float>> AudioReader::read(std::int64_t begin, std::int64_t count, std::stop_token stop) {
    if (count < 0) throw std::invalid_argument("sound: a negative number of samples was asked for");
    std::vector<float> samples(static_cast<std::size_t>(count) * static_cast<std::size_t>(index().channels));
    if (!decoding_->read(begin, samples, stop)) return std::nullopt;
    return samples;
}

std::vector<float> mono_from(std::span<const float> interleaved, int channels) {
    const auto width = static_cast<std::size_t>(channels);
    std::vector<float> mono(interleaved.size() / width);
    for (std::size_t i = 0; i < mono.size(); ++i) {
        float sum = 0;
        for (std::size_t channel = 0; channel < width; ++channel) sum += interleaved[i * width + channel];
        mono[i] = sum / static_cast<float>(channels);
    }
    return mono;
}

bool read_mono(const std::filesystem::path& file, std::shared_ptr<const AudioIndex> index, int sample_rate,
               const std::function<void(std::span<const float> mono)>& sink, std::stop_token stop) {
    const int rate = index->sample_rate, channels = index->channels;
    const std::int64_t samples = index->samples;
    AudioReader reader(file, std::move(index));
    MonoResampler resampler(rate, sample_rate);
    for (std::int64_t at = 0; at < samples; at += rate) {
        const auto piece = reader.read(at, std::min<std::int64_t>(rate, samples - at), stop);
        if (!piece) return false;
        sink(resampler.resample(mono_from(*piece, channels)));
    }
    sink(resampler.finish());
    return true;
}

}  // namespace storage
