select carrier, airline
from {{ source('landed', 'airlines') }}
