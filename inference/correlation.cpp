#include "inference/correlation.h"

#include <bit>
#include <cmath>
#include <complex>
#include <unsupported/Eigen/FFT>

namespace inference {

namespace {

using Spectrum = std::vector<std::complex<float>>;

class RealFft {
public:
    explicit RealFft(std::size_t size) : size_(size) { fft_.SetFlag(Eigen::FFT<float>::HalfSpectrum); }

    Spectrum forward(std::span<const float> signal) {
        std::vector<float> padded(signal.begin(), signal.end());
        padded.resize(size_);
        Spectrum spectrum(size_ / 2 + 1);
        fft_.fwd(spectrum.data(), padded.data(), static_cast<Eigen::Index>(size_));
        return spectrum;
    }
    std::vector<float> inverse(const Spectrum& spectrum) {
        std::vector<float> signal(size_);
        fft_.inv(signal.data(), spectrum.data(), static_cast<Eigen::Index>(size_));
        return signal;
    }

private:
    std::size_t size_;
    Eigen::FFT<float> fft_;
};

}  // namespace

CrossCorrelation cross_correlation(std::span<const float> a, std::span<const float> b) {
    if (a.empty() || b.empty()) return {};
    const std::size_t lags = a.size() + b.size() - 1;
    RealFft fft(std::max<std::size_t>(4, std::bit_ceil(lags)));
    Spectrum product = fft.forward(a);
    const Spectrum other = fft.forward(b);
    for (std::size_t i = 0; i < product.size(); ++i) product[i] *= std::conj(other[i]);
    std::vector<float> circle = fft.inverse(product);
    CrossCorrelation result;
    result.first_lag = 1 - static_cast<std::ptrdiff_t>(b.size());
    result.values.assign(circle.end() - static_cast<std::ptrdiff_t>(b.size() - 1), circle.end());
    result.values.insert(result.values.end(), circle.begin(), circle.begin() + static_cast<std::ptrdiff_t>(a.size()));
    return result;
}

std::vector<float> circular_phase_correlation(std::span<const float> a, std::span<const float> b, double whitening) {
    RealFft fft(a.size());
    Spectrum product = fft.forward(a);
    const Spectrum other = fft.forward(b);
    double sum = 0;
    for (std::size_t i = 0; i < product.size(); ++i) {
        product[i] *= std::conj(other[i]);
        const float magnitude = std::abs(product[i]);
        if (magnitude < 1e-12F) {
            product[i] = 0;
            continue;
        }
        product[i] *= std::pow(magnitude, static_cast<float>(-whitening));
        const bool twice = i != 0 && 2 * i != a.size();  // the other half of the spectrum
        sum += (twice ? 2 : 1) * std::abs(product[i]);
    }
    std::vector<float> correlation = fft.inverse(product);
    const auto scale = static_cast<float>(sum > 0 ? static_cast<double>(a.size()) / sum : 0);
    for (float& value : correlation) value *= scale;
    return correlation;
}

}  // namespace inference
