"""The ports, implemented on boto3, opensearch-py and Powertools."""
