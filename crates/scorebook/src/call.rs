//! One way to ask, wherever the log is: the same request and the same answer.

use tonic::{Request, Status};
use wire::v1;
use wire::v1::scorebook_service_server::ScorebookService as _;
use wire::v1::submit_stream_request::Part;

use crate::place::Access;

/// Messages above this are streamed; a server takes 4 MiB.
const MESSAGE_BYTES: usize = 3 * 1024 * 1024;
/// One chunk of a streamed file, in bytes.
const CHUNK_BYTES: usize = 512 * 1024;

macro_rules! rpcs {
    ($($(#[$doc:meta])* $rpc:ident($request:ident) -> $response:ident;)*) => {
        impl Access {
            $(
                $(#[$doc])*
                pub(crate) async fn $rpc(&self, request: v1::$request) -> Result<v1::$response, Status> {
                    let answer = match self {
                        Self::Here(held) => held.service.$rpc(Request::new(request)).await,
                        Self::There(client) => client.clone().$rpc(request).await,
                    };
                    answer.map(tonic::Response::into_inner)
                }
            )*
        }
    };
}

rpcs! {
    get_scorecard(GetScorecardRequest) -> GetScorecardResponse;
    compare_scorecards(CompareScorecardsRequest) -> CompareScorecardsResponse;
    get_measure_history(GetMeasureHistoryRequest) -> GetMeasureHistoryResponse;
    get_target_history(GetTargetHistoryRequest) -> GetTargetHistoryResponse;
    get_scorecard_targets(GetScorecardTargetsRequest) -> GetScorecardTargetsResponse;
    get_evidence(GetEvidenceRequest) -> GetEvidenceResponse;
    what_if(WhatIfRequest) -> WhatIfResponse;
    list_measures(ListMeasuresRequest) -> ListMeasuresResponse;
    list_scorecards(ListScorecardsRequest) -> ListScorecardsResponse;
    list_areas(ListAreasRequest) -> ListAreasResponse;
    explain_rating(ExplainRatingRequest) -> ExplainRatingResponse;
    get_status(GetStatusRequest) -> GetStatusResponse;
    get_cluster(GetClusterRequest) -> GetClusterResponse;
    read_log(ReadLogRequest) -> ReadLogResponse;
    list_submissions(ListSubmissionsRequest) -> ListSubmissionsResponse;
    publish_view(PublishViewRequest) -> PublishViewResponse;
    list_views(ListViewsRequest) -> ListViewsResponse;
    get_view(GetViewRequest) -> GetViewResponse;
}

impl Access {
    /// Submits; files too large for one message go in chunks, and `sent` hears of their bytes.
    pub(crate) async fn submit(
        &self,
        request: v1::SubmitRequest,
        sent: impl Fn(u64) + Send + 'static,
    ) -> Result<v1::SubmitResponse, Status> {
        let n_bytes: usize = request.files.iter().map(|file| file.content.len()).sum();
        match self {
            Self::Here(held) => {
                sent(u64::try_from(n_bytes).unwrap_or(u64::MAX));
                held.service.submit(Request::new(request)).await.map(tonic::Response::into_inner)
            }
            Self::There(client) if n_bytes <= MESSAGE_BYTES => {
                client.clone().submit(request).await.map(tonic::Response::into_inner)
            }
            Self::There(client) => {
                let told = parts(request).inspect(move |message| {
                    if let Some(Part::Chunk(chunk)) = &message.part {
                        sent(u64::try_from(chunk.content.len()).unwrap_or(u64::MAX));
                    }
                });
                let stream = tokio_stream::iter(told);
                let answer = client.clone().submit_stream(stream).await?.into_inner();
                Ok(v1::SubmitResponse { preview: answer.preview, receipt: answer.receipt })
            }
        }
    }
}

/// The header, then each file's bytes in chunks.
fn parts(mut request: v1::SubmitRequest) -> impl Iterator<Item = v1::SubmitStreamRequest> {
    let contents: Vec<Vec<u8>> = request.files.iter_mut().map(|file| std::mem::take(&mut file.content)).collect();
    let header = v1::SubmitStreamRequest { part: Some(Part::Header(request)) };
    let chunks = (0_u32..).zip(contents).flat_map(|(file, content)| {
        let chunk = move |bytes: &[u8]| v1::FileChunk { file, content: bytes.to_vec() };
        let chunks: Vec<v1::FileChunk> = content.chunks(CHUNK_BYTES).map(chunk).collect();
        chunks.into_iter().map(|chunk| v1::SubmitStreamRequest { part: Some(Part::Chunk(chunk)) })
    });
    std::iter::once(header).chain(chunks)
}
