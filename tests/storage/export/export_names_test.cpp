#include "storage/export/export_names.h"

#include <doctest/doctest.h>

#include "storage/formats/utf8.h"

using namespace storage;

TEST_CASE("a video id has no dots, blanks or path characters and keeps its script") {
    CHECK(video_id_from("salsa 1.mp4") == "salsa_1_mp4");
    CHECK(video_id_from("../etc/passwd") == "___etc_passwd");
    CHECK(video_id_from("准备\u3000دوران") == "准备_دوران");
    CHECK(video_id_from("-rf") == "_rf");
    CHECK(video_id_from("") == "_");
    CHECK(video_id_from("a\xff\xfe"
                        "b") == "a__b");
    CHECK(video_id_from("a\u202e\u200b\nb") == "a___b");
    CHECK(video_id_from(std::string(300, 'x')).size() == 120);
    std::string long_name;
    for (int i = 0; i < 100; ++i) long_name += "准";
    CHECK_FALSE(first_invalid_utf8(video_id_from(long_name)).has_value());
}

TEST_CASE("a label word keeps dots and slashes but no white space of any script") {
    CHECK(label_word_from("turn 1/2.left") == "turn_1/2.left");
    CHECK(label_word_from("a\u00a0b\u2003c\u2028d\x1f"
                          "e") == "a_b_c_d_e");
}

TEST_CASE("words are made unique, and names that were clean keep theirs") {
    const std::vector<std::string> names{"a b", "a_b", "a.b", "A_B", "a_b_2"};
    const std::vector<std::string> words{"a_b", "a_b", "a_b", "A_B", "a_b_2"};
    CHECK(unique_words(words, names, LetterCase::distinct) ==
          std::vector<std::string>{"a_b_3", "a_b", "a_b_4", "A_B", "a_b_2"});
    const auto folded = unique_words(words, names, LetterCase::folded);
    CHECK(folded[3] == "A_B");
    CHECK(folded[1] == "a_b_5");
    CHECK(unique_words({"unlabelled"}, {"unlabelled"}, LetterCase::distinct, {"unlabelled"}) ==
          std::vector<std::string>{"unlabelled_2"});
}

TEST_CASE("UTF-8 is told from what only looks like it") {
    CHECK_FALSE(first_invalid_utf8("aé准😀").has_value());
    CHECK(first_invalid_utf8("a\xe9") == 1);             // Latin-1
    CHECK(first_invalid_utf8("\xc0\xaf") == 0);          // overlong
    CHECK(first_invalid_utf8("\xed\xa0\x80") == 0);      // surrogate
    CHECK(first_invalid_utf8("\xf4\x90\x80\x80") == 0);  // beyond U+10FFFF
    CHECK(first_invalid_utf8("ab\xe5\x87") == 2);        // cut off
}
