#include "tests/support/sleap_file.h"

#include <hdf5.h>
#include <nlohmann/json.hpp>

namespace tests {

namespace {

struct FrameRow {
    std::uint64_t id;
    std::uint32_t video;
    std::uint64_t index, first, end;
};
struct InstanceRow {
    std::int64_t id;
    std::uint8_t type;
    std::uint64_t frame;
    std::uint32_t skeleton;
    std::int32_t track;
    std::int64_t from;
    float score;
    std::uint64_t first, end;
};
struct PointRow {
    double x, y;
    std::uint8_t visible, complete;
    double score;
};

struct Column {
    const char* name;
    std::size_t offset;
    hid_t type;
};

template <class Row>
void write_table(hid_t file, const char* name, const std::vector<Row>& rows, const std::vector<Column>& columns,
                 SleapStorage storage) {
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(Row));
    for (const Column& column : columns) H5Tinsert(type, column.name, column.offset, column.type);
    const hsize_t count = rows.size();
    const hsize_t most = H5S_UNLIMITED;
    const hsize_t chunk = 16;
    const hid_t space = H5Screate_simple(1, &count, storage == SleapStorage::contiguous ? nullptr : &most);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (storage != SleapStorage::contiguous) H5Pset_chunk(properties, 1, &chunk);
    if (storage == SleapStorage::packed_chunks) {
        H5Pset_shuffle(properties);
        H5Pset_deflate(properties, 9);
        H5Pset_fletcher32(properties);
    }
    const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (count > 0) H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data());
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
    H5Tclose(type);
}

std::string metadata_of(const SleapContents& contents) {
    nlohmann::json nodes = nlohmann::json::array(), ids = nodes, links = nodes;
    for (std::size_t node = 0; node < contents.nodes.size(); ++node) {
        nodes.push_back({{"name", contents.nodes[node]}, {"weight", 1.0}});
        ids.push_back({{"id", node}});
    }
    for (const auto& [from, to] : contents.edges) {
        nlohmann::json type{{"py/id", 1}};
        if (links.empty()) type = {{"py/reduce", {{{"py/type", "sleap.skeleton.EdgeType"}}, {{"py/tuple", {1}}}}}};
        links.push_back({{"source", from}, {"target", to}, {"type", type}});
    }
    return nlohmann::json{
        {"version", "2.0.0"}, {"nodes", nodes}, {"skeletons", {{{"directed", true}, {"links", links}, {"nodes", ids}}}}}
        .dump();
}

template <class Value>
void write_attribute(hid_t group, const char* name, hid_t type, const Value* value) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, value);
    H5Aclose(attribute);
    H5Sclose(space);
}

void write_metadata(hid_t file, const SleapContents& contents) {
    const std::string text = metadata_of(contents);
    const hid_t group = H5Gcreate2(file, "metadata", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, text.size());
    write_attribute(group, "json", type, text.data());
    write_attribute(group, "format_id", H5T_NATIVE_DOUBLE, &contents.format_id);
    H5Tclose(type);
    H5Gclose(group);
}

}  // namespace

void write_sleap(const std::filesystem::path& file, const SleapContents& contents) {
    std::vector<FrameRow> frames;
    for (const SleapFrame& frame : contents.frames) frames.push_back({frame.id, frame.video, frame.index, 0, 0});
    std::vector<InstanceRow> instances;
    std::vector<PointRow> placed, predicted;
    for (const SleapInstance& instance : contents.instances) {
        auto& points = instance.type == SleapInstance::placed ? placed : predicted;
        const std::uint64_t first = points.size();
        for (const SleapPoint& point : instance.points)
            points.push_back({point.x, point.y, static_cast<std::uint8_t>(point.visible), 0, point.score});
        instances.push_back({static_cast<std::int64_t>(instances.size()), instance.type, instance.frame_id, 0,
                             instance.track, -1, instance.score, first, points.size()});
    }
    const hid_t opened = H5Fcreate(file.string().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    write_metadata(opened, contents);
    write_table(opened, "frames", frames,
                {{"frame_id", offsetof(FrameRow, id), H5T_NATIVE_UINT64},
                 {"video", offsetof(FrameRow, video), H5T_NATIVE_UINT32},
                 {"frame_idx", offsetof(FrameRow, index), H5T_NATIVE_UINT64},
                 {"instance_id_start", offsetof(FrameRow, first), H5T_NATIVE_UINT64},
                 {"instance_id_end", offsetof(FrameRow, end), H5T_NATIVE_UINT64}},
                contents.storage);
    write_table(opened, "instances", instances,
                {{"instance_id", offsetof(InstanceRow, id), H5T_NATIVE_INT64},
                 {"instance_type", offsetof(InstanceRow, type), H5T_NATIVE_UINT8},
                 {"frame_id", offsetof(InstanceRow, frame), H5T_NATIVE_UINT64},
                 {"skeleton", offsetof(InstanceRow, skeleton), H5T_NATIVE_UINT32},
                 {"track", offsetof(InstanceRow, track), H5T_NATIVE_INT32},
                 {"from_predicted", offsetof(InstanceRow, from), H5T_NATIVE_INT64},
                 {"score", offsetof(InstanceRow, score), H5T_NATIVE_FLOAT},
                 {"point_id_start", offsetof(InstanceRow, first), H5T_NATIVE_UINT64},
                 {"point_id_end", offsetof(InstanceRow, end), H5T_NATIVE_UINT64}},
                contents.storage);
    const std::vector<Column> columns{{"x", offsetof(PointRow, x), H5T_NATIVE_DOUBLE},
                                      {"y", offsetof(PointRow, y), H5T_NATIVE_DOUBLE},
                                      {"visible", offsetof(PointRow, visible), H5T_NATIVE_UINT8},
                                      {"complete", offsetof(PointRow, complete), H5T_NATIVE_UINT8}};
    write_table(opened, "points", placed, columns, contents.storage);
    std::vector<Column> scored = columns;
    scored.push_back({"score", offsetof(PointRow, score), H5T_NATIVE_DOUBLE});
    write_table(opened, "pred_points", predicted, scored, contents.storage);
    H5Fclose(opened);
}

}  // namespace tests
