{{ usual_delays(['carrier', 'origin', 'local_hour'], 56) }}
