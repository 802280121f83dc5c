"""What the city allows: rules as pure functions on records, and the verbs that change the store."""
