#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "storage/export/split_assignment.h"
#include "storage/hash.h"

namespace storage {
namespace {

// Items of one stratum in the order of their hashes, and how much of its weight is taken.
struct Queue {
    std::vector<std::size_t> items;
    std::size_t next = 0;
    double taken = 0, total = 0;
};

std::vector<std::size_t> hash_order(std::span<const SplitItem> items, std::uint64_t seed) {
    std::vector<std::string> ties;
    for (const SplitItem& item : items) ties.push_back(sha256_of("mask\n" + std::to_string(seed) + "\n" + item.name));
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ties[a] < ties[b]; });
    return order;
}

// Items without a stratum share one of their own.
std::vector<Stratum> strata_of(const SplitItem& item) {
    return item.strata.empty() ? std::vector{Stratum{"", "", item.weight}} : item.strata;
}

// All items, always from the stratum of which the least share is taken so far.
std::vector<std::size_t> labelling_order(std::span<const SplitItem> items, std::uint64_t seed) {
    std::map<SplitGroup, Queue> queues;
    for (const std::size_t i : hash_order(items, seed))
        for (const Stratum& stratum : strata_of(items[i])) {
            Queue& queue = queues[{stratum.key, stratum.value}];
            queue.items.push_back(i);
            queue.total += stratum.weight;
        }
    std::vector<bool> picked(items.size());
    std::vector<std::size_t> order;
    while (order.size() < items.size()) {
        Queue* least = nullptr;
        for (auto& [name, queue] : queues) {
            while (queue.next < queue.items.size() && picked[queue.items[queue.next]]) ++queue.next;
            if (queue.next < queue.items.size() &&
                (least == nullptr || queue.taken * least->total < least->taken * queue.total))
                least = &queue;
        }
        const std::size_t item = least->items[least->next];
        picked[item] = true;
        order.push_back(item);
        for (const Stratum& stratum : strata_of(items[item]))
            queues[{stratum.key, stratum.value}].taken += stratum.weight;
    }
    return order;
}

}  // namespace

std::vector<std::vector<schemas::ClipId>> nested_masks(std::span<const SplitItem> items,
                                                       std::span<const double> budgets, std::uint64_t seed) {
    double total = 0;
    for (const SplitItem& item : items) total += item.weight;
    const std::vector<std::size_t> order = labelling_order(items, seed);
    std::vector<std::vector<schemas::ClipId>> masks;
    for (const double budget : budgets) {
        if (!(budget >= 0 && budget <= 1)) throw std::invalid_argument("budget: must lie between 0 and 1");
        std::vector<schemas::ClipId> mask;
        double taken = 0;
        for (const std::size_t item : order) {
            taken += items[item].weight;
            const bool fits = taken <= budget * total * (1 + 1e-9);
            if (budget == 0 || (!fits && !mask.empty())) break;
            mask.push_back(items[item].clip);
            if (!fits) break;
        }
        masks.push_back(std::move(mask));
    }
    return masks;
}

}  // namespace storage
