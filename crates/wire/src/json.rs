//! Any message of the contract in protobuf's own JSON mapping: names in lower camel case, 64-bit numbers as text, enums by
//! name, instants in RFC 3339, fields with their default left out.

use std::io::{self, Write};

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

/// The contract's package.
const PACKAGE: &str = "scorebook.v1";

/// Writes an encoded message as JSON over several lines, with a line feed at its end.
///
/// `message_name` is the contract's own, such as `Scorecard`, or a full one, such as `scorebook.v1.Scorecard`.
///
/// # Errors
/// `InvalidData` when the contract has no such message or the bytes are not one; else what `out` says.
pub fn write_pretty(out: &mut dyn Write, message_name: &str, bytes: &[u8]) -> io::Result<()> {
    let message = DynamicMessage::decode(descriptor(message_name)?, bytes).map_err(invalid)?;
    serde_json::to_writer_pretty(&mut *out, &message).map_err(io::Error::from)?;
    writeln!(out)
}

/// A kind of message. Looking one up is a pass over the contract: keep it for many messages.
#[derive(Debug, Clone)]
pub struct Kind(MessageDescriptor);

impl Kind {
    /// The kind with this name.
    ///
    /// # Errors
    /// `InvalidData` when the contract has none.
    pub fn of(message_name: &str) -> io::Result<Self> {
        descriptor(message_name).map(Self)
    }

    /// A message that serialises in the mapping.
    ///
    /// # Errors
    /// `InvalidData` when it is not of that kind.
    pub fn map(&self, message: &impl prost::Message) -> io::Result<DynamicMessage> {
        DynamicMessage::decode(self.0.clone(), message.encode_to_vec().as_slice()).map_err(invalid)
    }

    /// Writes a message as one line, with a line feed at its end.
    ///
    /// # Errors
    /// `InvalidData` when it is not of that kind; else what `out` says.
    pub fn write_line(&self, out: &mut dyn Write, message: &impl prost::Message) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &self.map(message)?).map_err(io::Error::from)?;
        writeln!(out)
    }
}

fn descriptor(message_name: &str) -> io::Result<MessageDescriptor> {
    let pool = DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).map_err(invalid)?;
    let full_name =
        if message_name.contains('.') { message_name.to_owned() } else { format!("{PACKAGE}.{message_name}") };
    pool.get_message_by_name(&full_name).ok_or_else(|| invalid(format!("the contract has no message {message_name}")))
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
