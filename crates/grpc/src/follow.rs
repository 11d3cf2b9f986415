//! The feed as a stream of messages.

use engine::feed::{Changed, Cursor, Delivery, Ended, Filter, Following, Item, Start};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::feed::{ChangedBy, Follow};
use wire::v1;
use wire::v1::follow_response::Item as Wire;

use crate::service::Service;
use crate::status::{from_engine, from_field};

type Told = Result<v1::FollowResponse, Status>;

/// Begins to follow.
pub(crate) fn follow(service: &Service, asked: Follow) -> Result<ReceiverStream<Told>, Status> {
    let start = start(&asked)?;
    let Follow { measures, areas, scorecard, types, .. } = asked;
    let filter = Filter { measures, areas, scorecard, types };
    let following = service.followers.follow(&service.engine, start, filter).map_err(from_engine)?;
    let (sender, receiver) = Following::queue();
    tokio::spawn(following.tell(sender, say));
    Ok(ReceiverStream::new(receiver))
}

fn start(asked: &Follow) -> Result<Start, Status> {
    if asked.cursor.is_empty() {
        return Ok(Start::After(asked.after));
    }
    let cursor: Result<Cursor, _> = asked.cursor.parse();
    cursor.map(Start::Cursor).map_err(|_no_cursor| from_field(wire::feed::no_cursor(&asked.cursor)))
}

fn say(told: Result<Delivery, Ended>) -> Told {
    match told {
        Ok(delivery) => Ok(encode(delivery)),
        Err(Ended::Failed(error)) => Err(from_engine(error)),
        Err(ended @ (Ended::Stopping | Ended::LogStopped)) => Err(Status::unavailable(ended.to_string())),
    }
}

fn encode(delivery: Delivery) -> v1::FollowResponse {
    let position = delivery.cursor.position.get();
    let item = match delivery.item {
        Item::Event(record) => Wire::Event(wire::event::encode(&record)),
        Item::RatingChanged(changed) => {
            let Changed { position, ordinal, recorded_at, submission, change } = *changed;
            Wire::RatingChanged(wire::feed::encode_change(
                ChangedBy { position, ordinal, recorded_at, submission },
                &change,
            ))
        }
        Item::CaughtUp => Wire::CaughtUp(v1::CaughtUp { position }),
        Item::Progress => Wire::Progress(v1::Progress { position }),
    };
    v1::FollowResponse { cursor: delivery.cursor.to_string(), item: Some(item) }
}
