{{ usual_delays(['origin', 'dest'], 28) }}
