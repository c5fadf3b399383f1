{{ recent_delays('carrier') }}
