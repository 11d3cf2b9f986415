//! The service: one method an rpc, each a translation there and back.

use std::sync::Arc;
use std::time::Duration;

use domain::time::AsOf;
use domain::{AreaId, Position};
use engine::bounds::Bounds;
use engine::cluster::{Provider, View};
use engine::feed::Followers;
use engine::{Engine, settings};
use tokio::sync::Semaphore;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use wire::bounds::Place;
use wire::v1;
use wire::v1::scorebook_service_server::ScorebookService;

use crate::status::{from_engine, from_field};
use crate::{ask, audit, cluster, follow, publishing, results, submit};

/// The rpcs of `scorebook.v1` over an engine. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) engine: Engine,
    pub(crate) version: &'static str,
    /// Room in memory for what is being put in, in mebibytes.
    pub(crate) room: Arc<Semaphore>,
    /// Places for grids that are answered apart.
    pub(crate) large_grids: Arc<Semaphore>,
    pub(crate) followers: Followers,
    /// `None` where this process has the log to itself.
    cluster: Option<Provider>,
}

/// How many mebibytes of files may be on their way in at once; the next is told to come again.
pub(crate) const ROOM_MEBIBYTES: usize = 512;

/// How many grids of more than [`settings::GRID_SLICE_CELLS`] are answered at once; the next waits. Each may take 60 MB.
const LARGE_GRIDS: usize = 2;

impl Service {
    /// A service that answers from an engine; `version` is the program's, for status answers.
    pub fn new(engine: Engine, version: &'static str, followers: Followers) -> Self {
        let room = Arc::new(Semaphore::new(ROOM_MEBIBYTES));
        let large_grids = Arc::new(Semaphore::new(LARGE_GRIDS));
        Self { engine, version, room, large_grids, followers, cluster: None }
    }

    /// The same as one node of a cluster, which is known from there.
    #[must_use]
    pub fn in_cluster(self, cluster: Provider) -> Self {
        Self { cluster: Some(cluster), ..self }
    }

    /// Waits for the position asked for, then gives the bounds of the answer.
    pub(crate) async fn settle(&self, asked: wire::bounds::Bounds) -> Result<AsOf, Status> {
        let wire::bounds::Bounds { known_at, known_on, at_position, recorded_by, recorded_on, at_least_position } =
            asked;
        self.wait(at_least_position).await?;
        let bounds = Bounds { known_at, known_on, at_position, recorded_by, recorded_on };
        self.engine.resolve(bounds).map_err(from_engine)
    }

    /// The bounds of a page: those of the first page, or those asked for.
    pub(crate) async fn settle_page(
        &self,
        asked: wire::bounds::Bounds,
        page: &wire::page::Page,
    ) -> Result<AsOf, Status> {
        match page.as_of {
            Some(first) => {
                let at_position = Some(first.position);
                let known_at = first.known_at;
                self.engine.resolve(Bounds { known_at, at_position, ..Bounds::default() }).map_err(from_engine)
            }
            None => self.settle(asked).await,
        }
    }

    pub(crate) async fn wait(&self, position: Option<Position>) -> Result<(), Status> {
        let Some(wanted) = position else { return Ok(()) };
        let limit = Duration::from_millis(settings::WAIT_MS);
        match tokio::time::timeout(limit, self.engine.reach(wanted)).await {
            Ok(reached) => reached.map_err(from_engine),
            Err(_elapsed) => {
                let head = self.engine.head().position;
                Err(from_engine(engine::Error::NotReached { wanted, head }))
            }
        }
    }

    pub(crate) fn area(&self, asked: Option<AreaId>) -> AreaId {
        asked.unwrap_or_else(|| self.engine.opened().authority.clone())
    }

    /// Where in the log an answer rests.
    pub(crate) fn place(&self, position: Position) -> Result<Place, Status> {
        let chain = self.engine.chain_at(position).map_err(from_engine)?;
        Ok(Place { log: self.engine.opened().log, chain })
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl ScorebookService for Service {
    async fn submit(&self, request: Request<v1::SubmitRequest>) -> Answer<v1::SubmitResponse> {
        submit::submit(self, request.into_inner()).await.map(Response::new)
    }

    async fn submit_stream(
        &self,
        request: Request<Streaming<v1::SubmitStreamRequest>>,
    ) -> Answer<v1::SubmitStreamResponse> {
        submit::submit_stream(self, request.into_inner()).await.map(Response::new)
    }

    async fn get_scorecard(&self, request: Request<v1::GetScorecardRequest>) -> Answer<v1::GetScorecardResponse> {
        let asked = wire::query::scorecard(request.into_inner()).map_err(from_field)?;
        ask::scorecard(self, asked).await.map(Response::new)
    }

    async fn compare_scorecards(
        &self,
        request: Request<v1::CompareScorecardsRequest>,
    ) -> Answer<v1::CompareScorecardsResponse> {
        let asked = wire::query::comparison(request.into_inner()).map_err(from_field)?;
        ask::comparison(self, asked).await.map(Response::new)
    }

    async fn get_grid(&self, request: Request<v1::GetGridRequest>) -> Answer<v1::GetGridResponse> {
        let asked = wire::grid::decode(request.into_inner()).map_err(from_field)?;
        ask::grid(self, asked).await.map(Response::new)
    }

    async fn get_measure_history(
        &self,
        request: Request<v1::GetMeasureHistoryRequest>,
    ) -> Answer<v1::GetMeasureHistoryResponse> {
        let asked = wire::query::measure_history(request.into_inner()).map_err(from_field)?;
        ask::measure_history(self, asked).await.map(Response::new)
    }

    async fn get_target_history(
        &self,
        request: Request<v1::GetTargetHistoryRequest>,
    ) -> Answer<v1::GetTargetHistoryResponse> {
        let asked = wire::query::target_history(request.into_inner()).map_err(from_field)?;
        ask::target_history(self, asked).await.map(Response::new)
    }

    async fn get_scorecard_targets(
        &self,
        request: Request<v1::GetScorecardTargetsRequest>,
    ) -> Answer<v1::GetScorecardTargetsResponse> {
        let asked = wire::evidence::of_scorecard(request.into_inner()).map_err(from_field)?;
        audit::scorecard_targets(self, asked).await.map(Response::new)
    }

    async fn get_evidence(&self, request: Request<v1::GetEvidenceRequest>) -> Answer<v1::GetEvidenceResponse> {
        let asked = wire::evidence::decode(request.into_inner()).map_err(from_field)?;
        audit::evidence(self, asked).await.map(Response::new)
    }

    async fn what_if(&self, request: Request<v1::WhatIfRequest>) -> Answer<v1::WhatIfResponse> {
        let asked = wire::what_if::decode(request.into_inner()).map_err(from_field)?;
        audit::what_if(self, asked).await.map(Response::new)
    }

    async fn list_measures(&self, request: Request<v1::ListMeasuresRequest>) -> Answer<v1::ListMeasuresResponse> {
        let asked = wire::query::measures(request.into_inner()).map_err(from_field)?;
        ask::measures(self, asked).await.map(Response::new)
    }

    async fn list_scorecards(&self, request: Request<v1::ListScorecardsRequest>) -> Answer<v1::ListScorecardsResponse> {
        let asked = wire::query::scorecards(request.into_inner()).map_err(from_field)?;
        ask::scorecards(self, asked).await.map(Response::new)
    }

    async fn list_areas(&self, request: Request<v1::ListAreasRequest>) -> Answer<v1::ListAreasResponse> {
        let asked = wire::query::areas(request.into_inner()).map_err(from_field)?;
        ask::areas(self, asked).await.map(Response::new)
    }

    async fn explain_rating(&self, request: Request<v1::ExplainRatingRequest>) -> Answer<v1::ExplainRatingResponse> {
        let asked = wire::query::explanation(request.into_inner()).map_err(from_field)?;
        ask::explanation(self, asked).await.map(Response::new)
    }

    async fn get_status(&self, request: Request<v1::GetStatusRequest>) -> Answer<v1::GetStatusResponse> {
        self.wait(wire::query::status(request.into_inner())).await?;
        let head = self.engine.head();
        let (n_measures, n_cells, n_submissions) = self.engine.counts();
        let holdings = wire::answer::Holdings {
            position: head.position,
            format: self.engine.format(),
            newest_format: self.engine.newest_format(),
            chain: head.chain,
            recorded_at: head.recorded_at,
            n_measures,
            n_cells,
            n_submissions,
            read_only: self.engine.damage().map_or_else(String::new, |damage| damage.to_string()),
            warnings: self.engine.warnings(),
        };
        let answer = wire::answer::encode_status(self.engine.opened(), &holdings, self.version);
        Ok(Response::new(answer))
    }

    async fn get_cluster(&self, request: Request<v1::GetClusterRequest>) -> Answer<v1::GetClusterResponse> {
        self.wait(wire::query::cluster(request.into_inner())).await?;
        let view = self.cluster.as_ref().map_or_else(|| View::alone(&self.engine, self.version), |cluster| cluster());
        Ok(Response::new(cluster::encode(self.engine.opened(), view)))
    }

    async fn read_log(&self, request: Request<v1::ReadLogRequest>) -> Answer<v1::ReadLogResponse> {
        let asked = wire::query::log(request.into_inner()).map_err(from_field)?;
        ask::log(self, asked).await.map(Response::new)
    }

    type ReadResultsStream = ReceiverStream<Result<v1::ReadResultsResponse, Status>>;

    async fn read_results(&self, request: Request<v1::ReadResultsRequest>) -> Answer<Self::ReadResultsStream> {
        let asked = wire::results::decode(request.into_inner()).map_err(from_field)?;
        results::read(self, asked).await.map(Response::new)
    }

    type FollowStream = ReceiverStream<Result<v1::FollowResponse, Status>>;

    async fn follow(&self, request: Request<v1::FollowRequest>) -> Answer<Self::FollowStream> {
        let asked = wire::feed::decode(request.into_inner()).map_err(from_field)?;
        follow::follow(self, asked).map(Response::new)
    }

    async fn publish_view(&self, request: Request<v1::PublishViewRequest>) -> Answer<v1::PublishViewResponse> {
        publishing::publish(self, request.into_inner()).await.map(Response::new)
    }

    async fn list_views(&self, request: Request<v1::ListViewsRequest>) -> Answer<v1::ListViewsResponse> {
        let asked = wire::publishing::decode_listing(request.into_inner()).map_err(from_field)?;
        publishing::list(self, asked).await.map(Response::new)
    }

    async fn get_view(&self, request: Request<v1::GetViewRequest>) -> Answer<v1::GetViewResponse> {
        let asked = wire::publishing::decode_one(request.get_ref()).map_err(from_field)?;
        publishing::get(self, asked).await.map(Response::new)
    }

    async fn list_submissions(
        &self,
        request: Request<v1::ListSubmissionsRequest>,
    ) -> Answer<v1::ListSubmissionsResponse> {
        let asked = wire::query::submissions(request.into_inner()).map_err(from_field)?;
        ask::submissions(self, asked).await.map(Response::new)
    }
}
