"""Messages to exchanges to ties: who talks with whom, how deeply, how kindly."""
