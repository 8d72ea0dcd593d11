//! Ownership in the formats of the world: BODS statements and FollowTheMoney entities.
