#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/export/dataset.h"

namespace storage {

// `name` as one word that is safe as a video id and as part of a path everywhere: white space of
// any script (Python's str.split() parts at it), control characters, dots, slashes and
// `\ : * ? " < > |` become '_', as do bytes that are not UTF-8; at most 120 bytes; never
// empty. Letters of all scripts stay.
std::string video_id_from(std::string_view name);

// `name` as one word for a list of classes: as above, but only white space, control characters
// and broken UTF-8 are replaced.
std::string label_word_from(std::string_view name);

// Whether "Walk" and "walk" are one word, as they are on file systems that fold case.
enum class LetterCase { distinct, folded };

// The same words in the same order, made unique by "_2", "_3" … Words that equal their
// `originals` keep their form first, so that adding a name with a blank changes no clean name.
// Words of `reserved` are taken.
std::vector<std::string> unique_words(const std::vector<std::string>& words, const std::vector<std::string>& originals,
                                      LetterCase letter_case, const std::vector<std::string>& reserved = {});

// The video id of each clip, by id.
std::map<schemas::ClipId, std::string> video_ids_of(const Dataset& dataset);

}  // namespace storage
