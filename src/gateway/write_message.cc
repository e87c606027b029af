// WriteMessage: parses a WriteRequest by the rules of protobuf's encoding: fields come in any order, the last of several
// counts, unknown ones are skipped (protobuf.dev/programming-guides/encoding).
#include "gateway/write_message.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <deque>

#include "gateway/kvstore.pb.h"

namespace remote_dram::gateway {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::ArrayInputStream;
using google::protobuf::io::CodedInputStream;
using tensorstore_grpc::kvstore::WriteRequest;

constexpr uint32_t BytesTag(int field) { return static_cast<uint32_t>(field) << 3 | WireFormatLite::WIRETYPE_LENGTH_DELIMITED; }

bool ReadPieces(CodedInputStream* in, Pieces* pieces) {
  int left = 0;
  if (!in->ReadVarintSizeAsInt(&left)) return false;
  pieces->clear();
  while (left > 0) {
    const void* data = nullptr;
    int bytes = 0;
    if (!in->GetDirectBufferPointer(&data, &bytes)) return false;  // the message is truncated
    bytes = std::min(bytes, left);
    pieces->emplace_back(static_cast<const char*>(data), static_cast<size_t>(bytes));
    in->Skip(bytes);
    left -= bytes;
  }
  return true;
}

bool ReadField(CodedInputStream* in, uint32_t tag, WriteMessage* message) {
  switch (tag) {
    case BytesTag(WriteRequest::kKeyFieldNumber):
      return WireFormatLite::ReadBytes(in, &message->key);
    case BytesTag(WriteRequest::kGenerationIfEqualFieldNumber):
      return WireFormatLite::ReadBytes(in, &message->generation_if_equal);
    case BytesTag(WriteRequest::kValuePartFieldNumber):
      return ReadPieces(in, &message->part);
    default:
      return WireFormatLite::SkipField(in, tag);
  }
}

}  // namespace

Result<WriteMessage> ReadWriteMessage(const std::vector<grpc::Slice>& slices) {
  std::deque<ArrayInputStream> arrays;
  std::vector<google::protobuf::io::ZeroCopyInputStream*> streams;
  for (const grpc::Slice& slice : slices) {
    streams.push_back(&arrays.emplace_back(slice.begin(), static_cast<int>(slice.size())));
  }
  google::protobuf::io::ConcatenatingInputStream stream(streams.data(), static_cast<int>(streams.size()));
  CodedInputStream in(&stream);
  WriteMessage message;
  bool good = true;
  for (uint32_t tag = 0; good && (tag = in.ReadTag()) != 0;) good = ReadField(&in, tag, &message);
  if (good && in.ConsumedEntireMessage()) return message;
  return Status(StatusCode::kInvalidArgument, "the request is no " + WriteRequest().GetTypeName());
}

}  // namespace remote_dram::gateway
