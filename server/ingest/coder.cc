#include "server/ingest/coder.h"

#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "pipeline/document/hash.h"
#include "server/error/error.h"

namespace demarche::ingest {
namespace {

// Labels are a map: the same item gives the same bytes.
std::string SerializeInOrder(const v1::NewsItem& item) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  item.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

absl::Status AsItemError(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInvalidArgument) return error::WithReason(status);
  return error::Make(status.code(), v1::ERROR_REASON_ITEM_INVALID, std::string(status.message()));
}

}  // namespace

std::string ContentHash(const v1::NewsItem& item) {
  return Sha256({item.title(), item.body(), item.publish_time().SerializeAsString()});
}

Published FirstAnswer(const stored::v1::ItemEntry& entry) {
  return {entry.outcome(),
          entry.news_item_id(),
          {entry.event_ids().begin(), entry.event_ids().end()},
          entry.last_position(),
          entry.original_news_item_id()};
}

bool IsCorrection(const v1::NewsItem& item, const stored::v1::ItemEntry& first) {
  return !first.retracted() && item.supersedes_revision() == first.corrections() + 1;
}

absl::Status NothingToCorrect() {
  return error::BadField(v1::ERROR_REASON_ITEM_INVALID, "news_item.supersedes_revision",
                         "no item of this publisher and id is known");
}

absl::StatusOr<Published> AnswerRepeat(const stored::v1::ItemEntry& first, const std::string& content_sha256) {
  if (first.content_sha256() != content_sha256) {
    return error::Make(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_IDEMPOTENCY_CONFLICT,
                       "news_item.news_item_id: taken by an item with another title, body or publication time; its revision is " +
                           std::to_string(first.corrections() + 1) + (first.retracted() ? ", and it was retracted" : ""),
                       {.metadata = {{"news_item_id", first.news_item_id()}, {"publisher", first.publisher()}}});
  }
  Published published = FirstAnswer(first);
  published.outcome = v1::PUBLISH_OUTCOME_DUPLICATE;
  return published;
}

void Coder::Code(Ticket& ticket) const {
  ticket.record.set_ingest_time_us(ticket.ingest_time_us);
  if (ticket.is_withdrawal) return;
  v1::NewsItem& item = ticket.item;
  if (item.news_item_id().empty()) item.set_news_item_id(run::DerivedId(item));
  stored::v1::ItemEntry& entry = *ticket.record.mutable_item();
  entry.set_principal(ticket.principal);
  entry.set_publisher(item.publisher());
  entry.set_news_item_id(item.news_item_id());
  entry.set_content_sha256(ContentHash(item));
  entry.set_ingest_time_us(ticket.ingest_time_us);
  if (ticket.trace != nullptr) entry.set_traceparent(ticket.trace->traceparent());

  const auto known = log_.FindItem({ticket.principal, item.publisher(), item.news_item_id()});
  if (known.ok() && !IsCorrection(item, *known)) {
    ticket.result = AnswerRepeat(*known, entry.content_sha256());
    return;
  }
  if (!known.ok() && known.status().code() != absl::StatusCode::kNotFound) {
    ticket.result = error::WithReason(known.status());
    return;
  }
  run::Runner::IsKnown is_known;
  // What a corrected item is known by is often its own text.
  if (!known.ok()) is_known = [this](const document::Print& print) { return memory_.IsKnown(print); };
  if (absl::Status status = Run(ticket, is_known); !status.ok()) {
    ticket.result = status;
    return;
  }
  if (store_text_) ticket.record.set_news_item(SerializeInOrder(item));
}

absl::Status Coder::CodeCopy(Ticket& ticket) const { return Run(ticket, nullptr); }

absl::Status Coder::Run(Ticket& ticket, const run::Runner::IsKnown& is_known) const {
  auto coded = runner_.Run(ticket.item, /*explain=*/false, is_known);
  if (!coded.ok()) return AsItemError(coded.status());
  ticket.coded = *std::move(coded);
  return absl::OkStatus();
}

}  // namespace demarche::ingest
