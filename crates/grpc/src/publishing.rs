//! Views: published, listed, served.

use domain::{Actor, Position};
use engine::bounds::Bounds;
use engine::{Publication, sha256};
use reporting::scorecard::Question;
use tonic::Status;
use wire::{answer, publishing, v1};

use crate::service::Service;
use crate::status::{from_engine, from_field};
use crate::submit::encode_receipt;

pub(crate) async fn publish(
    service: &Service,
    request: v1::PublishViewRequest,
) -> Result<v1::PublishViewResponse, Status> {
    let digest = sha256(&publishing::content(&request));
    let asked = publishing::decode(request).map_err(from_field)?;
    service.wait(asked.bounds.at_least_position).await?;
    let wire::bounds::Bounds { known_at, known_on, at_position, recorded_by, recorded_on, .. } = asked.bounds;
    let publication = Publication {
        id: asked.id,
        digest,
        // Nobody is checked yet: the server listens on this machine alone.
        actor: Actor { id: asked.actor, authenticated: false },
        question: Question { scorecard: asked.scorecard, period: asked.period, area: service.area(asked.area) },
        meeting: asked.meeting,
        view: asked.view,
        bounds: Bounds { known_at, known_on, at_position, recorded_by, recorded_on },
        checked: asked.checked,
        over: asked.over,
    };
    // A retry is answered as the first time before anything is checked: what it rested on may have changed since.
    if asked.check_only && !service.engine.published_before(&publication) {
        return checked(service, &publication);
    }
    let (entry, proposed, receipt) = service.engine.publish(publication).await.map_err(from_engine)?;
    let check = match &proposed {
        Some(proposed) => Some(encode_check(service, &entry.published.meeting, proposed)?),
        None => None,
    };
    Ok(v1::PublishViewResponse {
        check,
        scorecard: None,
        view: Some(publishing::encode_view(&entry)),
        receipt: Some(encode_receipt(&receipt)),
    })
}

fn checked(service: &Service, publication: &Publication) -> Result<v1::PublishViewResponse, Status> {
    let proposed = service.engine.propose(publication).map_err(from_engine)?;
    let place = service.place(proposed.card.basis.as_of.position)?;
    Ok(v1::PublishViewResponse {
        check: Some(encode_check(service, &publication.meeting, &proposed)?),
        scorecard: Some(answer::encode_scorecard(&proposed.card, place)),
        view: None,
        receipt: None,
    })
}

fn encode_check(
    service: &Service,
    meeting: &domain::Meeting,
    proposed: &engine::Proposed,
) -> Result<v1::PublicationCheck, Status> {
    let basis = &proposed.card.basis;
    let place = service.place(basis.as_of.position)?;
    Ok(publishing::encode_check((&proposed.view, proposed.sha256), &proposed.check, meeting, (basis, place)))
}

pub(crate) async fn list(service: &Service, asked: publishing::Listing) -> Result<v1::ListViewsResponse, Status> {
    service.wait(asked.at_least_position).await?;
    let first = asked.page.as_of.map(|as_of| as_of.position);
    let position = up_to(service, first.or(asked.at_position))?;
    let entries = service.engine.views(&asked.filter, position);
    let next_page_token = asked.page.next_token(domain::AsOf::position(position), entries.len());
    let views = asked.page.of(entries).iter().map(publishing::encode_view).collect();
    Ok(v1::ListViewsResponse { views, next_page_token })
}

pub(crate) async fn get(service: &Service, asked: publishing::One) -> Result<v1::GetViewResponse, Status> {
    service.wait(asked.at_least_position).await?;
    let position = up_to(service, asked.at_position)?;
    let answer = service.engine.view(&asked.view, position).map_err(from_engine)?;
    let mut encoded = publishing::encode_answer(&answer, service.engine.head().position);
    if let Some(basis) = encoded.scorecard.as_mut().and_then(|card| card.basis.as_mut()) {
        // The text does not say it: the chain is the log's.
        let place = service.place(answer.entry.published.position)?;
        (basis.chain, basis.log_id) = (place.chain.to_string(), place.log.to_string());
    }
    Ok(encoded)
}

fn up_to(service: &Service, position: Option<Position>) -> Result<Position, Status> {
    service.engine.up_to(position).map_err(from_engine)
}
