//! Behaviour of the read models.
