{{ recent_delays('origin') }}
